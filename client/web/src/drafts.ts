// SPDX-License-Identifier: MulanPSL-2.0
// What was typed and not yet stored, kept on this machine by person: it survives a reload, a lost server and a closed
// browser, and is sent exactly once because its idempotency key is kept with it. The key is renewed only when the server
// has said no to what was sent (then nothing was stored); while an answer is missing it stays.
import { newKey } from './api/client'
import { wallTime } from './dates'

export interface Draft<T> {
  key: string
  form: T
  savedAt: string
  /** it was sent and no answer came: the next try must be the same request */
  sent: boolean
}

const nameOf = (owner: string, what: string) => `ogid.draft.${owner}.${what}`
const now = wallTime

export function newDraft<T>(form: T): Draft<T> {
  return { key: newKey(), form, savedAt: '', sent: false }
}

export function loadDraft<T>(owner: string, what: string): Draft<T> | null {
  try {
    const kept = JSON.parse(localStorage.getItem(nameOf(owner, what)) ?? 'null') as Draft<T> | null
    return kept && typeof kept.key === 'string' && kept.form ? kept : null
  } catch {
    return null
  }
}

/** False when the browser has no room or forbids it; the form lives on, it just does not survive. */
export function keepDraft<T>(owner: string, what: string, draft: Draft<T>): boolean {
  draft.savedAt = now()
  try {
    localStorage.setItem(nameOf(owner, what), JSON.stringify(draft))
    return true
  } catch {
    draft.savedAt = ''
    return false
  }
}

export function dropDraft(owner: string, what: string): void {
  localStorage.removeItem(nameOf(owner, what))
}
