// SPDX-License-Identifier: MulanPSL-2.0
// Changes of cases as they happen (/v1/stream). The browser reconnects by itself and says where it was; when the server
// ends the stream for good (an older one, a session that ended) a slow look at the clock takes its place.
import { onBeforeUnmount, onMounted, reactive } from 'vue'
import { wallTime } from './dates'

export const live = reactive({ state: 'off' as 'off' | 'on' | 'waiting' | 'absent', at: '' })
export interface Change {
  id?: string
  number?: string
  org?: string
  kind?: string
  version?: number
}
type Listener = (change: Change | null) => void

const listeners = new Set<Listener>()
const NAMES = ['case', 'change', 'changed', 'event', 'message']
const RETRY_MS = 15_000
const FALLBACK_MS = 60_000
let source: EventSource | null = null
let timer = 0

const tell = (change: Change | null) => {
  live.at = wallTime()
  for (const listener of listeners) listener(change)
}

function onChange(e: MessageEvent<string>): void {
  try {
    tell(JSON.parse(e.data) as Change)
  } catch {
    tell(null)
  }
}

function open(): void {
  close()
  source = new EventSource('/v1/stream')
  source.onopen = () => (live.state = 'on')
  for (const name of NAMES) source.addEventListener(name, onChange as EventListener)
  source.addEventListener('reset', () => tell(null))
  source.onerror = () => {
    if (source?.readyState !== EventSource.CLOSED) {
      live.state = 'waiting'
      return
    }
    live.state = 'absent'
    timer = window.setTimeout(() => {
      if (listeners.size > 0) tell(null)
      if (listeners.size > 0) open()
    }, live.at ? FALLBACK_MS : RETRY_MS)
  }
}

function close(): void {
  window.clearTimeout(timer)
  source?.close()
  source = null
}

/** While the component is shown, `listener` hears of every change; null means "anything may have changed". */
export function whileShown(listener: Listener): void {
  onMounted(() => {
    listeners.add(listener)
    if (!source) open()
  })
  onBeforeUnmount(() => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      close()
      live.state = 'off'
    }
  })
}
