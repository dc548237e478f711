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
