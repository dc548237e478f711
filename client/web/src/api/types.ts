// SPDX-License-Identifier: MulanPSL-2.0
// The shapes of the API, by the names the screens use. They are generated from doc/openapi.json; what a route of a newer
// daemon adds is described here until the document of this one has it.
import type { components } from '#schema'

type Schemas = components['schemas']
export type Case = Schemas['case'] & { allowed?: Allowed[]; refused?: Refused[]; query_code?: string }
export type Allowed = Schemas['allowed']
export type AllowedField = Schemas['allowed_field']
export type Refused = Schemas['refused']
export type CaseEvent = Schemas['event']
export type Clock = Schemas['clock']
export type Code = Schemas['code']
export type OutcomeCode = Schemas['outcome_code']
export type Me = Schemas['me']
export type User = Schemas['user']
export type Org = Schemas['org']
export type Deadline = Schemas['deadline'] & { why?: Why }
export type CalendarYear = Schemas['calendar_year']
export type Disclosure = Schemas['disclosure_listed'] & { reviews?: Schemas['disclosure']['reviews'] }
export type AuditEntry = Schemas['audit_entry']
export type Fault = Schemas['fault']
export type Vocabulary = Schemas['vocabulary']

export interface WhyDay {
  date: string
  counted: boolean
  n: number
  reason: string
  detail: string
  article?: string
}
export interface Why {
  receipt_date: string | null
  due_on: string | null
  days: WhyDay[]
  steps: { rule: string; article: string; from: string | null; to: string | null }[]
  alternatives: { reading: string; due_on: string | null }[]
}
export interface Page<T> {
  items: T[]
  next: string | null
}
