// SPDX-License-Identifier: MulanPSL-2.0
// The list a case was opened from, so that "next" and "previous" mean something on its screen. Kept for this tab only.
export interface Listed {
  id: string
  org: string
  number: string | null
}
const KEPT = 'ogid.listed'

function read(): Listed[] {
  try {
    return (JSON.parse(sessionStorage.getItem(KEPT) ?? '[]') as Listed[]) ?? []
  } catch {
    return []
  }
}

/** How a case is named in an address: org:number, or its uuid before it has a number. */
export const addressOf = (c: Listed) => `/cases/${c.number ? `${c.org}:${c.number}` : c.id}`

export const listed = {
  keep(list: Listed[]): void {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(list))
    } catch {
      /* no room: the case is still shown, without neighbours */
    }
  },
  around(id: string): { before: Listed | null; after: Listed | null } {
    const list = read()
    const at = list.findIndex((c) => c.id === id)
    return { before: at > 0 ? list[at - 1]! : null, after: at >= 0 && at + 1 < list.length ? list[at + 1]! : null }
  },
}
