// SPDX-License-Identifier: MulanPSL-2.0
// A holiday notice as people type it: one day a line, "2027-01-01 休 元旦".
import { isDate, typedDate } from '@/dates'

export interface NoticeDay { date: string; kind: 'holiday' | 'workday' | 'ordinary'; name: string }
const KINDS: Record<string, NoticeDay['kind']> = { 休: 'holiday', 假: 'holiday', 放假: 'holiday', rest: 'holiday', holiday: 'holiday', 班: 'workday', 上班: 'workday', work: 'workday', workday: 'workday', 平: 'ordinary', ordinary: 'ordinary' }

/** The days, or the first line that is not understood. */
export function readNotice(text: string): { days: NoticeDay[]; bad: { line: number; text: string } | null } {
  const days: NoticeDay[] = []
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const [first = '', kind = '', ...name] = line.trim().split(/[\s,，、;；]+/)
    const date = typedDate(first, 0)
    const known = KINDS[kind]
    if (!isDate(date) || !known || name.length === 0) return { days, bad: { line: i + 1, text: line.trim() } }
    days.push({ date, kind: known, name: name.join(' ') })
  }
  return { days, bad: null }
}
