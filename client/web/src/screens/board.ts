// SPDX-License-Identifier: MulanPSL-2.0
// What the board shows, and the questions it asks for it. All numbers are the server's.
import { get } from '@/api/client'
import { Problem } from '@/api/problem'
import type { Case } from '@/api/types'
import { shift } from '@/dates'
import type { LoadDay } from '@/parts/HeatMap.vue'

export interface Counts { org: string | null; assignee: string | null; [light: string]: number | string | boolean | null }
export interface Watch { case: string; number: string | null; org: string; assignee: string | null; status: string; kind: string; on: string; passed: boolean }
export interface Workload { as_of: string; days: LoadDay[]; people: Counts[]; orgs: Counts[]; total: Counts; watch: Watch[]; watch_more: boolean }
export interface Board { overdue: Case[]; overdueMore: boolean; soon: Case[]; soonMore: boolean; arrived: Case[]; load: Workload | null }

const ROWS = 20
const WEEKS = 7

async function some(query: Record<string, string>): Promise<{ list: Case[]; more: boolean }> {
  const page = await get<{ cases: Case[]; next: string | null }>('/v1/cases', { query: { ...query, limit: ROWS } })
  return { list: page.cases, more: page.next !== null }
}

export async function loadBoard(org: string, today: string): Promise<Board> {
  const scope: Record<string, string> = org ? { org, rollup: 'true' } : {}
  const load = get<Workload>('/v1/workload', { query: { ...scope, from: today, to: shift(today, WEEKS * 7) } }).catch((error: unknown) => {
    if (error instanceof Problem && error.status === 404) return null
    throw error
  })
  const [overdue, soon, arrived, counted] = await Promise.all([
    some({ ...scope, light: 'overdue' }), some({ ...scope, light: 'red,amber' }), some({ ...scope, status: 'arrived' }), load])
  return { overdue: overdue.list, overdueMore: overdue.more, soon: soon.list, soonMore: soon.more, arrived: arrived.list, load: counted }
}
