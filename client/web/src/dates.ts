// SPDX-License-Identifier: MulanPSL-2.0
// Civil dates as the API writes them. Nothing here knows a rule: it enumerates days for drawing and names weekdays.
const DAY_MS = 86_400_000
const parse = (iso: string) => Date.parse(`${iso}T00:00:00Z`)
const print = (ms: number) => new Date(ms).toISOString().slice(0, 10)

export const isDate = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && print(parse(text)) === text
export const daysBetween = (from: string, to: string) => Math.round((parse(to) - parse(from)) / DAY_MS)
export const shift = (iso: string, days: number) => print(parse(iso) + days * DAY_MS)
/** 0 is Monday. */
export const weekday = (iso: string) => (new Date(parse(iso)).getUTCDay() + 6) % 7
export const yearOf = (iso: string) => Number(iso.slice(0, 4))
export const short = (iso: string) => iso.slice(5)

const NAMES = { 'zh-CN': ['周一', '周二', '周三', '周四', '周五', '周六', '周日'], en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] }
export const weekdayName = (iso: string, language: 'zh-CN' | 'en') => NAMES[language][weekday(iso)]!

/** "20250919", "2025/9/19", "2025.9.19" and "9-19" (of the year given) as people type them; anything else unchanged. */
export function typedDate(text: string, year: number): string {
  const trimmed = text.trim().replace(/[年月/.]/g, '-').replace(/日$/, '')
  const whole = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(trimmed) ?? /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(trimmed)
  const part = /^(\d{1,2})-(\d{1,2})$/.exec(trimmed)
  const parts = whole ? whole.slice(1) : part ? [String(year), ...part.slice(1)] : null
  if (!parts) return text.trim()
  const iso = [parts[0]!, parts[1]!.padStart(2, '0'), parts[2]!.padStart(2, '0')].join('-')
  return isDate(iso) ? iso : text.trim()
}

/** An instant of the API in China time, to the minute: what the clock on the office wall said. */
export function wallClock(instant: string): string {
  const ms = Date.parse(instant)
  return Number.isNaN(ms) ? instant : new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
}

/** The time of day now, on that clock. */
export const wallTime = () => wallClock(new Date().toISOString()).slice(11)
