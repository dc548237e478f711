// SPDX-License-Identifier: MulanPSL-2.0
// The keyboard: single keys outside of fields (they can be switched off), shown where they act and behind "?".
import { onBeforeUnmount, onMounted, reactive } from 'vue'

const KEPT = 'ogid.keys'
export const keys = reactive({ on: localStorage.getItem(KEPT) !== 'off' })

export function switchKeys(on: boolean): void {
  keys.on = on
  localStorage.setItem(KEPT, on ? 'on' : 'off')
}

function inField(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null
  return element !== null && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName))
}

/** A closed dialog may stay in the page without being drawn. */
const dialogIsOpen = () => [...document.querySelectorAll('[role=dialog]:not([data-quiet])')].some((d) => d.getClientRects().length > 0)

/** `map`: "n", "g l", "?" → what to do. Two keys follow each other within a second. */
export function useKeys(map: Record<string, () => void>): void {
  let before = ''
  let at = 0
  const onKey = (e: KeyboardEvent) => {
    if (!keys.on || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || inField(e.target)) return
    if (dialogIsOpen()) return
    const pair = e.timeStamp - at < 1000 ? `${before} ${e.key}` : ''
    const act = map[pair] ?? map[e.key]
    before = e.key
    at = e.timeStamp
    if (!act) return
    e.preventDefault()
    act()
  }
  onMounted(() => document.addEventListener('keydown', onKey))
  onBeforeUnmount(() => document.removeEventListener('keydown', onKey))
}
