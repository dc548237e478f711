// SPDX-License-Identifier: MulanPSL-2.0
// The names of codes, from the server, once. A code without a name is shown as it is.
import { shallowRef } from 'vue'
import { get } from './api/client'
import type { Code, OutcomeCode, Vocabulary } from './api/types'
import { currentLanguage } from './i18n'

const loaded = shallowRef<Vocabulary | null>(null)
let asked: Promise<void> | null = null

export function loadVocabulary(): Promise<void> {
  asked ??= get<Vocabulary>('/v1/vocabulary').then(
    (v) => {
      loaded.value = v
    },
    (error: unknown) => {
      asked = null
      throw error
    },
  )
  return asked
}

export function codes(list: string): Code[] {
  return ((loaded.value as Record<string, Code[]> | null)?.[list] ?? []) as Code[]
}

export function label(list: string, code: string | null | undefined): string {
  if (!code) return ''
  const found = codes(list).find((c) => c.code === code)
  return found ? (currentLanguage() === 'en' ? found.en : found.zh) : code
}

export const outcomes = () => codes('outcome') as OutcomeCode[]

/** Codes in force on a day; codes without dates always are. */
export function inForce(list: string, on: string): Code[] {
  return codes(list).filter((c) => (!c.valid_from || c.valid_from <= on) && (!c.valid_to || c.valid_to >= on))
}

/** How a request came, as people say it: the way where there is one, else the channel. */
export function cameBy(channel: string | null | undefined, via: string | null | undefined): string {
  return via ? label('via', via) : label('channel', channel)
}
