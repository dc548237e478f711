// SPDX-License-Identifier: MulanPSL-2.0
// Who is logged in. The session is an HttpOnly cookie: nothing here, or in any script, can read it.
import { computed, reactive } from 'vue'
import { get, plain, post, useHooks } from './api/client'
import type { Deadline, Me } from './api/types'
import { currentLanguage } from './i18n'

interface Session {
  me: Me | null
  asked: boolean
  /** the password is being asked for in place */
  ended: boolean
  reachable: boolean
  /** China's day, and what a request handed in today would be due on; both from the server */
  today: string
  todayDue: string | null
}
export const session = reactive<Session>({ me: null, asked: false, ended: false, reachable: true, today: '', todayDue: null })

let waiting: { go: () => void; stop: (why: Error) => void }[] = []

useHooks({
  language: currentLanguage,
  reachable: (yes) => (session.reachable = yes),
  loginAgain: () => {
    if (!session.me) return Promise.reject(new Error('no session'))
    session.ended = true
    return new Promise((go, stop) => waiting.push({ go: () => go(undefined), stop }))
  },
})

export const roles = computed(() => new Set<string>(session.me?.roles ?? []))
export const holds = (...any: string[]) => any.some((role) => roles.value.has(role))

async function learnToday(): Promise<void> {
  const answer = await post<Deadline>('/v1/deadline', { channel: 'in_person' })
  session.today = answer.receipt_date ?? ''
  session.todayDue = answer.due_on
}

/** At the start: is there a session already? */
export async function loadSession(): Promise<void> {
  try {
    session.me = await plain<Me>('GET', '/v1/me')
    await learnToday()
  } catch {
    session.me = null
  }
  session.asked = true
}

export async function login(name: string, password: string): Promise<void> {
  await plain('POST', '/v1/sessions', { login: name, password, cookie: true })
  const me = await get<Me>('/v1/me')
  const other = session.me !== null && session.me.login !== me.login
  session.me = me
  await learnToday()
  session.ended = false
  const calls = waiting
  waiting = []
  // somebody else's unfinished work is not sent under this name
  for (const call of calls) other ? call.stop(new Error('another person')) : call.go()
}

export async function logout(): Promise<void> {
  try {
    await plain('DELETE', '/v1/sessions/current')
  } finally {
    for (const call of waiting) call.stop(new Error('logged out'))
    waiting = []
    session.me = null
    session.ended = false
  }
}

export async function refreshDay(): Promise<void> {
  if (session.me && !session.ended) await learnToday().catch(() => {})
}
