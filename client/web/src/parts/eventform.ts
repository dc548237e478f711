// SPDX-License-Identifier: MulanPSL-2.0
// From what the server allows (kinds, fields, bounds) to a form, and from the form to the body of the event. No rule of the
// law is in here: which fields, which codes and which bounds is the server's to say.
import type { Allowed, AllowedField } from '@/api/types'

export type Value = string | number | boolean | string[] | Record<string, string>[] | Record<string, string> | null | undefined
export type Form = Record<string, Value>
export type Widget = 'text' | 'long' | 'date' | 'number' | 'flag' | 'code' | 'person' | 'org' | 'event' | 'texts' | 'parts' | 'object' | 'outcome' | 'variant' | 'raw'

export interface FieldRow {
  name: string
  widget: Widget
  required: boolean
  field: AllowedField
  /** the vocabulary's list, for codes */
  list: string
}

const LISTS: Record<string, string> = { by: 'served_by', result: 'remedy_result', variant: 'outcome_variant', kind: 'applicant_kind' }
const PEOPLE = new Set(['approved_by', 'assignee'])
const SHORT_TEXT = 300

function widgetOf(kind: string, name: string, field: AllowedField): Widget {
  if (name === 'outcome') return 'outcome'
  if (name === 'variant') return 'variant'
  if (PEOPLE.has(name) || (name === 'to' && (kind === 'assigned' || kind === 'reminded'))) return 'person'
  if (name === 'to_org') return 'org'
  if ((name === 'of' || name === 'event') && field.type === 'integer') return 'event'
  if (name === 'to') return 'raw'
  switch (field.type) {
    case 'date': return 'date'
    case 'integer': return 'number'
    case 'boolean': return 'flag'
    case 'code': return 'code'
    case 'array': return name === 'parts' ? 'parts' : 'texts'
    case 'object': return 'object'
    default: return (field.max ?? 0) > SHORT_TEXT && name !== 'name' ? 'long' : 'text'
  }
}

/** What every event takes besides its own fields (the server lists only those); a note without text is none. */
const COMMON: [string, AllowedField][] = [['on', { type: 'date' }], ['note', { type: 'string', max: 5000 }], ['document_no', { type: 'string', max: 100 }]]
const everyField = (allowed: Allowed): [string, AllowedField][] => {
  const own = allowed.fields as Record<string, AllowedField>
  const rest = COMMON.filter(([name]) => own[name] === undefined)
  return [...Object.entries(own), ...rest.map(([name, field]): [string, AllowedField] => [name, allowed.kind === 'noted' && name === 'note' ? { ...field, required: true } : field])]
}

/** Fields that a form shows only when asked: every kind takes them and few need them. */
const LATER = new Set(['note', 'document_no', 'consultation', 'assist', 'remedy', 'outcome_form', 'label', 'registered_on', 'receipt_date', 'legacy_number'])

export function rowsOf(allowed: Allowed): { first: FieldRow[]; later: FieldRow[] } {
  const rows = everyField(allowed).map(([name, field]): FieldRow => ({
    name, field, widget: widgetOf(allowed.kind, name, field), required: field.required === true,
    list: name === 'basis' && field.type === 'code' ? 'fee_basis' : (LISTS[name] ?? name),
  }))
  const isLater = (r: FieldRow) => !r.required && LATER.has(r.name)
  const rank = (r: FieldRow) => (r.required ? 0 : r.name === 'on' ? 2 : 1)
  return { first: rows.filter((r) => !isLater(r)).sort((a, b) => rank(a) - rank(b)), later: rows.filter(isLater) }
}

/** What was not filled in is not sent; the server has its own defaults. */
export function bodyOf(kind: string, rows: FieldRow[], form: Form): Record<string, unknown> {
  const body: Record<string, unknown> = { kind }
  for (const { name, widget } of rows) {
    const value = form[name]
    if (value === undefined || value === null || value === '') continue
    if (widget === 'number' || widget === 'event') body[name] = Number.isFinite(Number(value)) ? Number(value) : value
    else if (widget === 'texts') {
      const texts = (value as string[]).map((s) => s.trim()).filter(Boolean)
      if (texts.length > 0) body[name] = texts
    } else if (widget === 'parts' || widget === 'object') {
      const clean = (o: Record<string, string>) => Object.fromEntries(Object.entries(o).filter(([, v]) => v !== ''))
      if (Array.isArray(value)) body[name] = (value as Record<string, string>[]).map(clean).filter((o) => Object.keys(o).length > 0)
      else if (Object.keys(clean(value as Record<string, string>)).length > 0) body[name] = clean(value as Record<string, string>)
    } else if (widget === 'raw') body[name] = rawValue(String(value))
    else body[name] = value
  }
  return body
}

/** A new value of an amended field: JSON when it reads as JSON (numbers, lists), else the text as it stands. */
function rawValue(text: string): unknown {
  if (!/^(?:-?\d{1,9}|true|false|null|[[{].*[\]}])$/s.test(text.trim())) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The sentence at a field: "/items/1" belongs to "items", "/applicant/name" to "applicant". */
export function faultsByField(byPointer: Record<string, string>): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [pointer, sentence] of Object.entries(byPointer)) {
    const name = pointer.split('/')[1] ?? ''
    found[name] = found[name] ? `${found[name]} ${sentence}` : sentence
  }
  return found
}

/** Kinds that only correct the record or belong to rare turns stand behind the everyday ones. */
const RARE = ['amended', 'retracted', 'handed_over', 'merged', 'split', 'document_issued', 'remedy_filed', 'remedy_concluded', 'returned', 'delivered']
const EVERYDAY = ['receipt_confirmed', 'correction_received', 'consultation_closed', 'reasons_received', 'fee_paid', 'decided', 'served', 'proposed', 'approved', 'returned_to_handler', 'reviewed', 'extended', 'correction_requested', 'consultation_opened']
const place = (kind: string) => (EVERYDAY.includes(kind) ? EVERYDAY.indexOf(kind) : RARE.includes(kind) ? 200 : 100)
export const inOrder = (allowed: Allowed[]) => [...allowed].sort((a, b) => place(a.kind) - place(b.kind))
export const isRare = (kind: string) => RARE.includes(kind)
export const ADVERSE = new Set(['retracted', 'withdrawn', 'correction_lapsed', 'fee_lapsed', 'merged'])
