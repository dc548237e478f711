// SPDX-License-Identifier: MulanPSL-2.0
// The working-day calendar by year, as the server has it; a year that is not loaded is nothing, not a guess.
import { reactive } from 'vue'
import { get } from './api/client'
import { Problem } from './api/problem'
import type { CalendarYear } from './api/types'
import { yearOf } from './dates'

type Day = CalendarYear['days'][number]
const years = reactive(new Map<number, Map<string, Day> | null>())

export async function loadYears(from: string, to: string): Promise<void> {
  for (let year = yearOf(from); year <= yearOf(to); year++) {
    if (years.has(year)) continue
    try {
      const loaded = await get<CalendarYear>(`/v1/calendar/${year}`)
      years.set(year, new Map(loaded.days.map((d) => [d.date, d])))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      years.set(year, null)
    }
  }
}

export function forgetYears(): void {
  years.clear()
}

export const dayOf = (date: string): Day | undefined => years.get(yearOf(date))?.get(date)
