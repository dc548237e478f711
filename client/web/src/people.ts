// SPDX-License-Identifier: MulanPSL-2.0
// People and organisations of one's own subtree, by login and code.
import { shallowRef } from 'vue'
import { get } from './api/client'
import type { Org, User } from './api/types'

const users = shallowRef<User[]>([])
const orgs = shallowRef<Org[]>([])
let asked: Promise<void> | null = null

export function loadPeople(again = false): Promise<void> {
  if (again) asked = null
  asked ??= Promise.all([get<{ users: User[] }>('/v1/users'), get<{ orgs: Org[] }>('/v1/orgs')]).then(
    ([u, o]) => {
      users.value = u.users
      orgs.value = o.orgs
    },
    (error: unknown) => {
      asked = null
      throw error
    },
  )
  return asked
}

export const everybody = () => users.value
export const everyOrg = () => orgs.value
export const nameOf = (login: string | null | undefined) => (login ? (users.value.find((u) => u.login === login)?.name ?? login) : '')
export const orgName = (code: string | null | undefined) => (code ? (orgs.value.find((o) => o.code === code)?.name ?? code) : '')

export function holdersOf(role: string, org?: string | null): User[] {
  return users.value.filter((u) => !u.disabled && (u.roles as string[]).includes(role) && (!org || u.org === org))
}
