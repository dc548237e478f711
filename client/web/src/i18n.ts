// SPDX-License-Identifier: MulanPSL-2.0
// Chinese first, English second. Words stand in tables by screen, both languages side by side.
import { createI18n } from 'vue-i18n'
import { admin } from './words/admin'
import { board } from './words/board'
import { cases } from './words/cases'
import { counts } from './words/counts'
import { fields } from './words/fields'
import { imports } from './words/imports'
import { public_ } from './words/public'
import { register } from './words/register'
import { shell } from './words/shell'

export type Words = Record<string, readonly [zh: string, en: string]>
const tables: Record<string, Words> = { shell, register, cases, board, counts, fields, public: public_, admin, imports }

function language(which: 0 | 1): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(tables).map(([name, words]) => [name, Object.fromEntries(Object.entries(words).map(([key, pair]) => [key, pair[which]]))]),
  )
}

export type Language = 'zh-CN' | 'en'
const KEPT = 'ogid.language'

export function languageAtStart(): Language {
  const kept = localStorage.getItem(KEPT)
  return kept === 'en' ? 'en' : 'zh-CN'
}

export const i18n = createI18n({
  legacy: false,
  locale: languageAtStart(),
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': language(0), en: language(1) },
  warnHtmlMessage: false,
})
export const t = i18n.global.t

export function currentLanguage(): Language {
  return i18n.global.locale.value as Language
}

export function setLanguage(to: Language): void {
  i18n.global.locale.value = to
  localStorage.setItem(KEPT, to)
  document.documentElement.lang = to
}
