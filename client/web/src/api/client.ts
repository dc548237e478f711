// SPDX-License-Identifier: MulanPSL-2.0
// The one place that talks to the server. Every call carries the language; every POST an idempotency key, so that it
// may be sent again when no answer came; a session that has ended asks for the password in place and the call goes on.
import { Problem, Unreachable } from './problem'

export interface Call {
  query?: Record<string, string | number | boolean | string[] | null | undefined>
  body?: unknown
  key?: string
  version?: number
  signal?: AbortSignal
}
export interface Answer<T> {
  data: T
  status: number
  headers: Headers
}

interface Hooks {
  language: () => string
  /** Resolves when the person has logged in again; rejects when they gave up. */
  loginAgain: () => Promise<void>
  reachable: (yes: boolean) => void
}
let hooks: Hooks = { language: () => 'zh-CN', loginAgain: () => Promise.reject(new Error('no session')), reachable: () => {} }

export function useHooks(given: Hooks): void {
  hooks = given
}

/** crypto.randomUUID is for secure contexts only; an office may serve this over plain HTTP inside its own network. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export function pathOf(path: string, query: Call['query'] = {}): string {
  const words = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    const text = Array.isArray(value) ? value.join(',') : value
    if (text !== null && text !== undefined && text !== '' && text !== false) words.append(name, String(text))
  }
  const tail = words.toString()
  return tail ? `${path}?${tail}` : path
}

const TRIES = 3
const PAUSE_MS = 700
const gatewayGone = (status: number) => status === 502 || status === 504

async function once(method: string, url: string, call: Call, key: string | undefined): Promise<Response> {
  const headers: Record<string, string> = { 'Accept-Language': hooks.language() }
  let body: BodyInit | undefined
  if (call.body instanceof Blob) {
    body = call.body
    headers['Content-Type'] = call.body.type || 'application/octet-stream'
  } else if (call.body !== undefined) {
    body = JSON.stringify(call.body)
    headers['Content-Type'] = 'application/json'
  }
  if (key) headers['Idempotency-Key'] = key
  if (call.version !== undefined) headers['If-Match'] = `"${call.version}"`
  let response: Response
  try {
    response = await fetch(url, { method, headers, body, signal: call.signal, credentials: 'same-origin' })
  } catch (error) {
    if (call.signal?.aborted) throw error
    throw new Unreachable(String(error))
  }
  if (gatewayGone(response.status)) throw new Unreachable(String(response.status))
  return response
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Sends again what may be sent again: reads, and writes with a key. */
async function patiently(method: string, url: string, call: Call, key: string | undefined): Promise<Response> {
  for (let tries = 1; ; tries++) {
    try {
      const response = await once(method, url, call, key)
      hooks.reachable(true)
      return response
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error
      if (tries >= TRIES || (method !== 'GET' && !key)) {
        hooks.reachable(false)
        throw error
      }
      await pause(PAUSE_MS * tries)
    }
  }
}

async function read<T>(response: Response): Promise<Answer<T>> {
  const type = response.headers.get('content-type') ?? ''
  const text = response.status === 204 ? '' : await response.text()
  let data: unknown = text
  if (type.includes('json')) {
    try {
      data = text ? JSON.parse(text) : null
    } catch {
      throw new Unreachable('half an answer')
    }
  }
  if (!response.ok) {
    const after = Number(response.headers.get('retry-after') ?? 0)
    throw new Problem(response.status, data && typeof data === 'object' ? (data as Record<string, unknown>) : {}, after)
  }
  return { data: data as T, status: response.status, headers: response.headers }
}

async function send<T>(method: string, path: string, call: Call = {}, keyed = false): Promise<Answer<T>> {
  const url = pathOf(path, call.query)
  const key = keyed ? (call.key ?? newKey()) : undefined
  for (;;) {
    const response = await patiently(method, url, call, key)
    if (response.status !== 401) return read<T>(response)
    await hooks.loginAgain()
  }
}

export const get = async <T>(path: string, call?: Call): Promise<T> => (await send<T>('GET', path, call)).data
export const post = async <T>(path: string, body?: unknown, call?: Call): Promise<T> =>
  (await send<T>('POST', path, { ...call, body }, true)).data
export const put = async <T>(path: string, body?: unknown, call?: Call): Promise<T> =>
  (await send<T>('PUT', path, { ...call, body })).data

/** What takes no key and must not be repeated (sessions, password), and what answers a question (deadline). */
export async function plain<T>(method: string, path: string, body?: unknown, call: Call = {}): Promise<T> {
  return (await read<T>(await once(method, path, { ...call, body }, undefined))).data
}

/** All pages of a list, up to a bound that a screen can show. */
export async function all<T>(path: string, member: string, query: Call['query'], most = 1000): Promise<{ items: T[]; more: boolean }> {
  const items: T[] = []
  let after: string | null = null
  do {
    const page: Record<string, unknown> = await get(path, { query: { ...query, limit: 200, after } })
    items.push(...((page[member] as T[]) ?? []))
    after = (page.next as string | null) ?? null
  } while (after && items.length < most)
  return { items, more: after !== null }
}
