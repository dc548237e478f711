// SPDX-License-Identifier: MulanPSL-2.0
// The official form: its shape as the server sends it, and how its columns stand in print. Figures are taken as they are.
import { get } from '@/api/client'
import { Problem } from '@/api/problem'

export interface FormRow { number: number | null; key: string | null; zh: string; en: string; unit: string; mark?: string }
export interface Identity { id: string; column: string; holds: boolean; left: number; right: number; warning_only: boolean; rule: string; key?: string; cases?: { id?: string; number?: string | null }[] }
export interface Form {
  form: string
  year: number
  org: string | null
  as_of: string
  frozen: boolean
  cells: Record<string, Record<string, number>>
  rows: FormRow[]
  identities: Identity[]
  warnings: { code: string; detail: string }[]
}
export interface Scope { org: string; rollup: boolean; live: boolean }

/** Which form a year is reported on, newest first; the server knows and answers 404 for the others. */
const FORMS = ['f21', 'f19', 'f14'] as const

export async function loadForm(year: number, scope: Scope): Promise<Form | null> {
  const query = { org: scope.org, rollup: scope.rollup, live: scope.live }
  for (const form of FORMS) {
    try {
      return await get<Form>(`/v1/statistics/${form}/${year}`, { query })
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 404) throw error
    }
  }
  return null
}

export const COLUMNS = ['natural', 'business', 'research', 'public_interest', 'legal_service', 'other_org', 'total'] as const
export const columnsOf = (cells: Record<string, number> | undefined) => (cells && 'natural' in cells ? [...COLUMNS] : ['value'])

/** The rows in runs of one shape: a table for those by applicant, a table for plain values. */
export function blocksOf(form: Form): { wide: boolean; rows: FormRow[] }[] {
  const blocks: { wide: boolean; rows: FormRow[] }[] = []
  for (const row of form.rows) {
    const cells = row.key ? form.cells[row.key] : undefined
    const last = blocks[blocks.length - 1]
    const wide = cells ? 'natural' in cells : (last?.wide ?? false)
    if (!last || (cells && last.wide !== wide && last.rows.some((r) => r.key))) blocks.push({ wide, rows: [row] })
    else {
      last.rows.push(row)
      if (cells) last.wide = wide
    }
  }
  return blocks
}

/** Is a cell at one end of an identity that fails? */
export const failsAt = (form: Form, key: string, column: string) =>
  form.identities.some((i) => !i.holds && !i.warning_only && i.column === column && (i.key === key || i.rule.includes(key)))

/** The first of these that the form has, over all applicants. */
export function figure(form: Form, keys: readonly string[]): number {
  const cells = form.cells[keys.find((key) => form.cells[key]) ?? '']
  return cells ? (cells.total ?? cells.value ?? 0) : 0
}
export const RECEIVED = ['t3.new', 'a.received'] as const
export const HANDLED = ['t3.results_total', 'a.closed'] as const
const NOT_OUTCOMES = /^(?:t3\.(?:new|carried_in|carried_out|results_total)|a\.(?:received|closed.*|answered|ch\..*))$/

/** What came of the requests, most frequent first. */
export const outcomeRows = (form: Form): { row: FormRow; n: number }[] =>
  form.rows.filter((r) => r.key && /^(?:t3|a)\./.test(r.key) && !NOT_OUTCOMES.test(r.key)).map((row) => ({ row, n: figure(form, [row.key!]) })).filter((r) => r.n > 0).sort((a, b) => b.n - a.n).slice(0, 12)

export interface Share { zh: string; en: string; n: number }
interface Line { key?: string; label?: string; count?: number }
const isChannel = (key: string | null | undefined) => key?.startsWith('a.ch.') === true

/** Channels stand in the form until 2018 and in the report since. */
export async function channelShares(form: Form, scope: Scope): Promise<Share[]> {
  const rows = form.rows.filter((r) => isChannel(r.key))
  if (rows.length > 0) return rows.map((r) => ({ zh: r.zh, en: r.en, n: figure(form, [r.key!]) }))
  const report = await get<{ sections: { groups: { lines: Line[] }[] }[] }>(`/v1/reports/${form.year}`, { query: { org: scope.org, rollup: scope.rollup } })
  const lines = report.sections.flatMap((s) => s.groups.flatMap((g) => g.lines)).filter((l) => isChannel(l.key))
  return lines.map((l) => ({ zh: l.label ?? '', en: l.label ?? '', n: l.count ?? 0 }))
}

/** A rule of the form in words: its keys by the numbers of their rows, its columns by their heads. */
export function ruleInWords(rule: string, form: Form, t: (word: string, values?: Record<string, unknown>) => string): string {
  const side = (text: string) => {
    const names = text.trim().split(/\s+/).map((key) => nameOf(key, form, t))
    const numbers = names.map((n) => (typeof n === 'number' ? n : null))
    const run = numbers.length > 3 && numbers.every((n, i) => n !== null && (i === 0 || n === numbers[i - 1]! + 1))
    return run ? t('counts.sumOfRows', { from: numbers[0], to: numbers[numbers.length - 1] }) : names.map((n) => (typeof n === 'number' ? t('counts.rowOf', { n }) : n)).join(' + ')
  }
  if (rule.includes('>=')) return t('counts.notNegative')
  const [left = '', right = ''] = rule.split(' = ')
  return `${side(left)} = ${right.includes(' of the period before') ? t('counts.yearBefore', { what: side(right.replace(' of the period before', '')) }) : side(right)}`
}
function nameOf(key: string, form: Form, t: (word: string) => string): string | number {
  if ((COLUMNS as readonly string[]).includes(key)) return t(`counts.c_${key}`)
  return form.rows.find((r) => r.key === key)?.number ?? key
}
