// SPDX-License-Identifier: MulanPSL-2.0
// What the ledger can be asked: the chips, the columns and the filters, as tables; and how they stand in the address.
import type { LocationQuery } from 'vue-router'

export type Filters = Record<string, string>

export const FILTERS = ['org', 'status', 'flag', 'channel', 'outcome', 'light', 'applicant_kind', 'subject', 'assignee', 'waiting_for',
  'received_from', 'received_to', 'due_from', 'due_to', 'closed_from', 'closed_to', 'q', 'as_of'] as const
export const SORTS = ['due_on', 'receipt_date', 'number', 'updated_at'] as const

/** Chips stand for one state each; choosing one replaces the state and keeps every other filter. */
export const CHIPS: { word: string; set: Filters }[] = [
  { word: 'chipOpen', set: { status: 'open' } },
  { word: 'chipMine', set: { waiting_for: 'me' } },
  { word: 'chipOverdue', set: { light: 'overdue' } },
  { word: 'chipToday', set: { light: 'red' } },
  { word: 'chipSoon', set: { light: 'amber' } },
  { word: 'chipPaused', set: { status: 'open', flag: 'consulting' } },
  { word: 'chipCorrection', set: { status: 'correction_requested' } },
  { word: 'chipArrived', set: { status: 'arrived' } },
  { word: 'chipExtended', set: { status: 'open', flag: 'extended' } },
  { word: 'chipClosed', set: { status: 'closed,archived' } },
  { word: 'all', set: {} },
]
const OF_CHIPS = ['status', 'light', 'flag', 'waiting_for'] as const
const EVERYTHING = 'all'

/** The filters an address asks for. Nothing said about the state means the open ones. */
export function filtersOf(query: LocationQuery): Filters {
  const found: Filters = {}
  for (const name of FILTERS) {
    const value = query[name]
    if (typeof value === 'string' && value !== '') found[name] = value
  }
  if (found.status === EVERYTHING) delete found.status
  else if (!OF_CHIPS.some((name) => found[name])) found.status = 'open'
  return found
}

export function addressOf(filters: Filters, sort: string): Filters {
  const query: Filters = { ...filters }
  const state = OF_CHIPS.filter((name) => filters[name])
  if (state.length === 0) query.status = EVERYTHING
  else if (state.length === 1 && filters.status === 'open') delete query.status
  if (sort !== 'due_on') query.sort = sort
  return query
}

export const chipIsOn = (chip: Filters, filters: Filters) => OF_CHIPS.every((name) => (chip[name] ?? '') === (filters[name] ?? ''))

export function withChip(chip: Filters, filters: Filters): Filters {
  const rest = Object.fromEntries(Object.entries(filters).filter(([name]) => !(OF_CHIPS as readonly string[]).includes(name)))
  return { ...rest, ...chip }
}

export interface Column {
  name: string
  word: string
  width?: number
  sort?: (typeof SORTS)[number]
  number?: boolean
  /** shown until the person chooses otherwise */
  preset: boolean
}
export const COLUMNS: Column[] = [
  { name: 'light', word: 'light', width: 88, preset: true },
  { name: 'number', word: 'number', width: 92, sort: 'number', preset: true },
  { name: 'due', word: 'due', width: 132, sort: 'due_on', number: true, preset: true },
  { name: 'left', word: 'left', width: 60, number: true, preset: true },
  { name: 'applicant', word: 'applicant', width: 136, preset: true },
  { name: 'kind', word: 'kind', width: 96, preset: true },
  { name: 'description', word: 'description', preset: true },
  { name: 'channel', word: 'channel', width: 102, preset: true },
  { name: 'received', word: 'received', width: 90, sort: 'receipt_date', number: true, preset: true },
  { name: 'status', word: 'status', width: 128, preset: true },
  { name: 'assignee', word: 'assignee', width: 76, preset: true },
  { name: 'org', word: 'org', width: 96, preset: false },
  { name: 'subject', word: 'subject', width: 96, preset: false },
  { name: 'outcome', word: 'outcome', width: 120, preset: false },
  { name: 'closedOn', word: 'closedOn', width: 94, number: true, preset: false },
  { name: 'updated', word: 'updated', width: 128, sort: 'updated_at', number: true, preset: false },
]

const KEPT = 'ogid.columns'
export function keptColumns(): string[] {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? 'null') as unknown
    if (Array.isArray(kept)) return kept.filter((n): n is string => COLUMNS.some((c) => c.name === n))
  } catch {
    /* kept by another version */
  }
  return COLUMNS.filter((c) => c.preset).map((c) => c.name)
}
export const keepColumns = (names: string[]) => localStorage.setItem(KEPT, JSON.stringify(names))

/** Two characters, or a number: one character would ask for half the ledger. */
export const isSearch = (text: string) => [...text.trim()].length >= 2
