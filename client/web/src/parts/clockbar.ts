// SPDX-License-Identifier: MulanPSL-2.0
// The geometry of the clock bar: from the days the server has judged to cells, lines, ticks and brackets. It draws; it does
// not count: whether a day counts, and as which, is the server's word, and days it has not spoken of (beyond the due date)
// are drawn as the calendar has them.
import type { WhyDay } from '@/api/types'
import { daysBetween, shift, weekday } from '@/dates'

export interface BarFacts {
  receipt: string
  /** the due date, or the latest possible one while a consultation is open */
  due: string | null
  /** the day up to which time has run: today, or the day of the reply */
  now: string
  days: WhyDay[] | null
  excluded: [string, string | null][]
  overdue: boolean
  stopped: boolean
  preview: string | null
}
export type CalendarDay = { kind: string; name: string | null } | undefined
export type CellKind = 'start' | 'done' | 'left' | 'exc' | 'excrest' | 'rest' | 'ext' | 'extdone' | 'extpre' | 'over' | 'old'
export interface Cell {
  date: string
  x: number
  kind: CellKind
  n: number | null
  makeup: boolean
  detail: string
}
export interface Span {
  from: number
  to: number
  label: string | null
  kind: 'excluded' | 'holiday'
}
export interface Bar {
  compact: boolean
  /** of one day */
  w: number
  width: number
  cells: Cell[]
  ticks: { x: number; date: string; label: boolean }[]
  spans: Span[]
  x: (date: string) => number
  edge: (date: string) => number
}

const LEFT = 8
const ROOM_FOR_LABEL = 150
const MOST = 18
const LEAST = 8
const LONGEST = 800
const NARROW = 560

const REST = new Set(['weekend', 'holiday'])
const isIn = (date: string, spans: [string, string | null][]) => spans.some(([from, to]) => date >= from && (to === null || date <= to))

function kindOf(date: string, day: WhyDay | undefined, calendar: CalendarDay, f: BarFacts, restarted: string): CellKind {
  if (date === f.receipt) return restarted > f.receipt ? 'old' : 'start'
  const rest = day && day.reason !== 'excluded' ? REST.has(day.reason) : REST.has(calendar?.kind ?? '') || (calendar === undefined && weekday(date) > 4)
  if (rest) return isIn(date, f.excluded) && (!f.due || date <= f.due) ? 'excrest' : 'rest'
  if (date < restarted && day) return 'old'
  if (day?.reason === 'receipt_day' || date === restarted) return 'start'
  if (day?.reason === 'excluded' || (!day && isIn(date, f.excluded))) return 'exc'
  if (f.due && date > f.due) return f.preview && date <= f.preview ? 'extpre' : 'over'
  const past = date <= f.now
  if (day?.reason === 'extension') return past ? 'extdone' : 'ext'
  return past ? 'done' : 'left'
}

/** The last day on which counting began anew; what stands before it no longer counts. */
function lastStart(days: WhyDay[] | null, receipt: string): string {
  let start = receipt
  let before = 0
  for (const day of days ?? []) {
    if (day.reason === 'receipt_day' && day.date > receipt) start = day.date
    else if (day.counted && day.n < before) start = shift(day.date, -1)
    before = day.counted ? day.n : before
  }
  return start
}

function lastDay(f: BarFacts): string {
  const ends = [f.due, f.preview, f.overdue || !f.due ? f.now : null, f.days?.[f.days.length - 1]?.date ?? null]
  return ends.reduce<string>((a, b) => (b !== null && b > a ? b : a), f.receipt)
}

function spansOf(cells: Cell[], calendar: (date: string) => CalendarDay, w: number): Span[] {
  const spans: Span[] = []
  let from = 0
  const group = (i: number): Span['kind'] | null => {
    const cell = cells[i]
    if (!cell) return null
    if (cell.kind === 'exc' || cell.kind === 'excrest') return 'excluded'
    return cell.kind === 'rest' && calendar(cell.date)?.kind === 'holiday' ? 'holiday' : null
  }
  for (let i = 0; i <= cells.length; i++) {
    const before = i > 0 ? group(i - 1) : null
    if (group(i) === before && i < cells.length) continue
    if (before && (before === 'excluded' || i - from >= 3))
      spans.push({ from: cells[from]!.x, to: cells[i - 1]!.x + w, kind: before, label: before === 'holiday' ? (calendar(cells[from]!.date)?.name ?? null) : null })
    from = i
  }
  return spans
}

export function drawBar(f: BarFacts, calendar: (date: string) => CalendarDay, width: number): Bar {
  const last = lastDay(f)
  const count = Math.min(daysBetween(f.receipt, last) + 1, LONGEST)
  const narrow = width < NARROW
  const room = narrow ? width - LEFT * 2 : width - LEFT * 2 - ROOM_FOR_LABEL
  const fits = Math.min(MOST, Math.floor(room / count))
  const compact = narrow || fits < LEAST // labels of two lines need the width, too
  const w = compact ? Math.min(MOST, Math.max((width - LEFT * 2) / count, 0.5)) : fits
  const x = (date: string) => LEFT + daysBetween(f.receipt, date) * w
  const judged = new Map((f.days ?? []).map((d) => [d.date, d]))
  const restarted = lastStart(f.days, f.receipt)
  const cells: Cell[] = []
  const ticks: Bar['ticks'] = []
  for (let i = 0; i < count; i++) {
    const date = shift(f.receipt, i)
    const day = judged.get(date)
    const kind = kindOf(date, day, calendar(date), f, restarted)
    const shown = kind === 'done' || kind === 'left' || kind === 'ext' || kind === 'extdone'
    const n = shown && day?.counted ? day.n : null
    cells.push({ date, x: LEFT + i * w, kind, n, makeup: calendar(date)?.kind === 'makeup_workday' || day?.reason === 'makeup_workday', detail: day?.detail ?? calendar(date)?.name ?? '' })
    const month = date.endsWith('-01')
    if (compact ? month : weekday(date) === 0) ticks.push({ x: LEFT + i * w, date, label: compact || w >= 7 })
  }
  return { compact, w, width, cells, ticks, spans: spansOf(cells, calendar, w), x, edge: (date) => x(date) + w }
}

/** The count is written into the cell at 1, 5, 10 … where there is room. */
export const showsCount = (n: number | null, w: number) => n !== null && w >= 14 && (n === 1 || n % 5 === 0)
