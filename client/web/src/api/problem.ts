// SPDX-License-Identifier: MulanPSL-2.0
// What can go wrong with a call: the server says no (RFC 9457), or there is no server.
import type { Allowed, Fault } from './types'

export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly errors: Fault[]
  readonly roles: string[]
  readonly allowed: Allowed[] | null
  readonly retryAfter: number

  constructor(status: number, body: Record<string, unknown>, retryAfter: number) {
    super(String(body.title ?? status))
    this.status = status
    this.code = String(body.code ?? 'unknown')
    this.detail = String(body.detail ?? '')
    this.errors = (body.errors as Fault[]) ?? []
    this.roles = (body.roles as string[]) ?? []
    this.allowed = (body.allowed as Allowed[]) ?? null
    this.retryAfter = retryAfter
  }

  /** The route is not there: an older daemon, or one built without this part. */
  get absent(): boolean {
    return this.status === 404 && this.code === 'no_such_route'
  }
}

/** No answer came: the network, the server, or a proxy in between. What was sent may have arrived. */
export class Unreachable extends Error {}

/** Sentences by field, from a 422: "/applicant/name" → what is wrong with it. */
export function faultsByPointer(error: unknown): Record<string, string> {
  const found: Record<string, string> = {}
  if (error instanceof Problem)
    for (const fault of error.errors) found[fault.pointer] ??= fault.detail
  return found
}

/** One sentence for a person. */
export function sentenceOf(error: unknown, unreachable: string): string {
  if (error instanceof Unreachable) return unreachable
  if (error instanceof Problem) {
    const [first] = error.errors
    if (first && error.errors.length === 1) return first.detail
    return error.detail || error.message
  }
  return error instanceof Error ? error.message : String(error)
}
