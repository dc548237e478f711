// SPDX-License-Identifier: MulanPSL-2.0
// The registration form: the ways a request comes, what is typed, and the body that is sent. What is not filled in is not
// sent; whether it is right is the server's to say.
export interface Way {
  name: string
  channel: 'in_person' | 'online' | 'letter' | 'fax'
  via: string | null
  /** which evidence belongs to it */
  evidence: 'none' | 'signed' | 'confirmed'
}
export const WAYS: Way[] = [
  { name: 'in_person', channel: 'in_person', via: null, evidence: 'none' },
  { name: 'mail_signed', channel: 'letter', via: 'mail_signed', evidence: 'signed' },
  { name: 'mail_ordinary', channel: 'letter', via: 'mail_ordinary', evidence: 'confirmed' },
  { name: 'form', channel: 'online', via: 'form', evidence: 'confirmed' },
  { name: 'email', channel: 'online', via: 'email', evidence: 'confirmed' },
  { name: 'fax', channel: 'fax', via: null, evidence: 'confirmed' },
]

export interface Registration {
  way: string
  arrived_on: string
  signed_on: string
  confirmed_on: string
  tracking_no: string
  signed_by: string
  confirmed_by: string
  kind: string
  name: string
  id_kind: string
  id_number: string
  phone: string
  email: string
  address: string
  postcode: string
  contact_person: string
  legal_representative: string
  agent_name: string
  agent_phone: string
  description: string
  document_ref: string
  subject: string
  medium: string
  delivery: string
  assignee: string
  legacy_number: string
  assisted: boolean
  assisted_by: string
}

export function emptyRegistration(today: string): Registration {
  return {
    way: 'in_person', arrived_on: today, signed_on: '', confirmed_on: '', tracking_no: '', signed_by: '', confirmed_by: '', kind: 'natural', name: '',
    id_kind: 'resident_id', id_number: '', phone: '', email: '', address: '', postcode: '', contact_person: '', legal_representative: '',
    agent_name: '', agent_phone: '', description: '', document_ref: '', subject: '', medium: 'paper', delivery: 'post', assignee: '', legacy_number: '',
    assisted: false, assisted_by: '',
  }
}

export const wayOf = (form: Registration): Way => WAYS.find((w) => w.name === form.way) ?? WAYS[0]!

const given = (o: Record<string, unknown>) => Object.fromEntries(Object.entries(o).filter(([, v]) => v !== '' && v !== null && v !== undefined && v !== false))
const orNothing = (o: Record<string, unknown>) => (Object.keys(o).length > 0 ? o : undefined)

function datesOf(form: Registration): Record<string, unknown> {
  const way = wayOf(form)
  return given({ channel: way.channel, via: way.via, arrived_on: form.arrived_on,
    signed_on: way.evidence === 'signed' ? form.signed_on : '', confirmed_on: way.evidence === 'confirmed' ? form.confirmed_on : '' })
}
export const questionOf = (form: Registration) => ({ ...datesOf(form), explain: true })

export function bodyOf(form: Registration, arrivalOnly: boolean): Record<string, unknown> {
  const way = wayOf(form)
  const evidence = given({ tracking_no: way.evidence === 'signed' ? form.tracking_no : '', signed_by: way.evidence === 'signed' ? form.signed_by : '',
    confirmed_by: way.evidence === 'confirmed' ? form.confirmed_by : '' })
  const person = form.kind === 'natural'
  const applicant = given({ kind: form.kind, name: form.name.trim(), phone: form.phone.trim(), email: form.email.trim(), address: form.address.trim(), postcode: form.postcode.trim(),
    id_kind: form.id_number ? form.id_kind : '', id_number: form.id_number.trim(),
    contact_person: person ? '' : form.contact_person, legal_representative: person ? '' : form.legal_representative,
    agent: orNothing(given({ name: form.agent_name, phone: form.agent_phone })) })
  const body = given({ ...datesOf(form), applicant, evidence: orNothing(evidence), description: form.description.trim(), document_ref: form.document_ref.trim(), subject: form.subject,
    medium: form.medium, delivery: form.delivery, assignee: form.assignee, legacy_number: form.legacy_number, assisted: form.assisted,
    assisted_by: form.assisted ? form.assisted_by : '' })
  return arrivalOnly ? { ...body, confirmed: false } : body
}

/** Which box of the form a pointer of the server means. */
export function boxOf(pointer: string): string {
  const parts = pointer.split('/').slice(1)
  if (parts[0] === 'applicant' && parts[1] === 'agent') return `agent_${parts[2] ?? 'name'}`
  if (parts[0] === 'applicant' || parts[0] === 'evidence') return parts[1] ?? 'name'
  if (parts[0] === 'channel' || parts[0] === 'via') return 'way'
  return parts[0] === 'receipt_date' ? 'arrived_on' : (parts[0] ?? '')
}
export const isTyped = (form: Registration) => [form.name, form.description, form.phone, form.id_number, form.address, form.tracking_no].some((s) => s !== '')
