// SPDX-License-Identifier: MulanPSL-2.0
// What logic the client has: drawing, forms, addresses, drafts, files. Dates are the server's; these only carry them.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { newKey, pathOf, post, useHooks } from '@/api/client'
import { Problem, Unreachable, faultsByPointer } from '@/api/problem'
import type { WhyDay } from '@/api/types'
import { daysBetween, isDate, shift, typedDate, wallClock, weekday } from '@/dates'
import { dropDraft, keepDraft, loadDraft, newDraft } from '@/drafts'
import { drawBar, showsCount, type BarFacts } from '@/parts/clockbar'
import { bodyOf, faultsByField, rowsOf } from '@/parts/eventform'
import { guess, toCsv } from '@/screens/importing'
import { addressOf, chipIsOn, filtersOf, isSearch, withChip } from '@/screens/ledger'
import { readNotice } from '@/screens/notice'
import { bodyOf as registrationBody, boxOf, emptyRegistration } from '@/screens/registration'
import { blocksOf, type Form } from '@/screens/statistics'

describe('dates', () => {
  it('reads dates as people type them', () => {
    for (const [typed, iso] of [['20250919', '2025-09-19'], ['2025/9/1', '2025-09-01'], ['9-19', '2025-09-19'], ['2025年9月19日', '2025-09-19'], ['2025-02-30', '2025-02-30'], ['foo', 'foo']] as const)
      expect(typedDate(typed, 2025)).toBe(iso)
    expect(isDate('2025-02-30')).toBe(false)
  })
  it('walks days in any zone', () => {
    expect(shift('2024-02-28', 2)).toBe('2024-03-01')
    expect(daysBetween('2025-12-31', '2026-01-01')).toBe(1)
    expect(weekday('2025-09-22')).toBe(0)
    expect(wallClock('2025-09-18T16:05:00.000Z')).toBe('2025-09-19 00:05')
  })
})

const day = (date: string, reason: string, n: number, counted = false): WhyDay => ({ date, reason, n, counted, detail: '' })
const facts = (more: Partial<BarFacts>): BarFacts => ({ receipt: '2025-09-01', due: '2025-09-05', now: '2025-09-03', days: null, excluded: [], overdue: false, stopped: false, preview: null, ...more })
const DAYS = [day('2025-09-01', 'receipt_day', 0), day('2025-09-02', 'workday', 1, true), day('2025-09-03', 'excluded', 1), day('2025-09-04', 'workday', 2, true), day('2025-09-05', 'extension', 3, true)]

describe('the clock bar', () => {
  it('draws the days it is given and counts none itself', () => {
    const bar = drawBar(facts({ days: DAYS }), () => undefined, 1200)
    expect(bar.cells.map((c) => c.kind)).toEqual(['start', 'done', 'exc', 'left', 'ext'])
    expect(bar.cells.map((c) => c.n)).toEqual([null, 1, null, 2, 3])
    expect(bar.spans.map((s) => s.kind)).toEqual(['excluded'])
  })
  it('is red behind the due date, dashed where it is a preview', () => {
    const late = drawBar(facts({ days: DAYS, now: '2025-09-09', overdue: true }), () => undefined, 1200)
    expect(late.cells.filter((c) => c.kind === 'over').map((c) => c.date)).toEqual(['2025-09-08', '2025-09-09'])
    const preview = drawBar(facts({ days: DAYS, preview: '2025-09-09' }), () => undefined, 1200)
    expect(preview.cells.slice(-4).map((c) => c.kind)).toEqual(['rest', 'rest', 'extpre', 'extpre'])
  })
  it('shows what a restart made void, and folds up where it is narrow', () => {
    const restarted = drawBar(facts({ days: [...DAYS.slice(0, 3), day('2025-09-04', 'receipt_day', 0), day('2025-09-05', 'workday', 1, true)] }), () => undefined, 1200)
    expect(restarted.cells.map((c) => c.kind)).toEqual(['old', 'old', 'old', 'start', 'left'])
    expect(drawBar(facts({ due: '2025-11-30' }), () => undefined, 340).compact).toBe(true)
    expect(drawBar(facts({ days: DAYS }), () => undefined, 340).compact).toBe(true)
    expect([1, 4, 5, null].map((n) => showsCount(n, 16))).toEqual([true, false, true, false])
  })
})

describe('an act', () => {
  const allowed = { kind: 'extended', until: null, fields: { workdays: { type: 'integer', required: true, min: 1, max: 20 }, on: { type: 'date' }, note: { type: 'string', max: 5000 }, reasons: { type: 'array' } } } as never
  it('has the fields the server names, the needed first', () => {
    const rows = rowsOf(allowed)
    expect(rows.first.map((r) => [r.name, r.widget])).toEqual([['workdays', 'number'], ['reasons', 'texts'], ['on', 'date']])
    expect(rows.later.map((r) => r.name)).toEqual(['note', 'document_no'])
    const noted = rowsOf({ kind: 'noted', until: null, fields: {} } as never)
    expect(noted.first.map((r) => [r.name, r.required])).toEqual([['note', true], ['on', false]])
    expect(bodyOf('extended', [...rows.first, ...rows.later], { workdays: '20', on: '', reasons: [' a ', ''], note: undefined })).toEqual({ kind: 'extended', workdays: 20, reasons: ['a'] })
    expect(bodyOf('extended', rows.first, { workdays: 'x' }).workdays).toBe('x')
  })
  it('brings every fault to its field', () => {
    const problem = new Problem(422, { code: 'invalid', errors: [{ pointer: '/items/1', code: 'x', detail: 'a' }, { pointer: '/on', code: 'y', detail: 'b' }] }, 0)
    expect(faultsByField(faultsByPointer(problem))).toEqual({ items: 'a', on: 'b' })
  })
})

describe('the registration', () => {
  it('sends what was filled in and nothing else', () => {
    const form = { ...emptyRegistration('2025-09-19'), way: 'mail_signed', name: ' 䶮𠮷 ', phone: '1', description: 'x', confirmed_on: '2025-09-19', signed_by: '前台' }
    const body = registrationBody(form, false)
    expect(body).toMatchObject({ channel: 'letter', via: 'mail_signed', arrived_on: '2025-09-19', applicant: { kind: 'natural', name: '䶮𠮷', phone: '1' }, evidence: { signed_by: '前台' } })
    for (const absent of ['confirmed_on', 'confirmed', 'assisted', 'subject']) expect(body).not.toHaveProperty(absent)
    expect(registrationBody(form, true).confirmed).toBe(false)
    expect([boxOf('/applicant/name'), boxOf('/via'), boxOf('/receipt_date')]).toEqual(['name', 'way', 'arrived_on'])
  })
  it('keeps a draft with its key, and loses it only when told to', () => {
    const draft = { ...newDraft({ a: '1' }), sent: true }
    expect(keepDraft('u', 'register', draft)).toBe(true)
    expect(loadDraft('u', 'register')).toMatchObject({ key: draft.key, sent: true, form: { a: '1' } })
    expect(loadDraft('v', 'register')).toBeNull()
    dropDraft('u', 'register')
    expect(loadDraft('u', 'register')).toBeNull()
    localStorage.setItem('ogid.draft.u.register', '{crooked')
    expect(loadDraft('u', 'register')).toBeNull()
  })
})

describe('the ledger', () => {
  it('holds its filters in the address', () => {
    expect(filtersOf({})).toEqual({ status: 'open' })
    expect(filtersOf({ status: 'all', q: '土地', bad: 'x' })).toEqual({ q: '土地' })
    expect(addressOf({ q: '土地' }, 'due_on')).toEqual({ q: '土地', status: 'all' })
    expect(filtersOf(addressOf({ status: 'open', flag: 'extended', channel: 'fax' }, '-number'))).toEqual({ status: 'open', flag: 'extended', channel: 'fax' })
    const chosen = withChip({ light: 'overdue' }, { status: 'open', q: '土地' })
    expect(chosen).toEqual({ q: '土地', light: 'overdue' })
    expect(chipIsOn({ light: 'overdue' }, chosen)).toBe(true)
    expect([isSearch('土'), isSearch('𠮷'), isSearch('土地')]).toEqual([false, false, true])
  })
})

describe('files', () => {
  it('matches the heads of an office and carries the values over', () => {
    const mapping = guess(['序号', '申请人姓名', '申请内容', '申请方式', '答复日期', '其他'])
    expect([mapping.legacy_number!.column, mapping.applicant_name!.column, mapping.description!.column, mapping.channel!.column, mapping.replied_on!.column, mapping.org!.column]).toEqual([0, 1, 2, 3, 4, null])
    const { csv, rowOf } = toCsv([['1', '张三', '一,"二"\n三', '当面', new Date('2017-09-20T00:00:00Z')], [null, '', null, null, null], ['2', '李四', '四', '网络', '2017/9/1']], mapping, 3)
    expect(csv.split('\r\n').slice(0, 2)).toEqual(['legacy_number,channel,applicant_name,description,replied_on', '1,in_person,张三,"一,""二""\n三",2017-09-20'])
    expect(csv).toContain('2,online,李四,四,2017-09-01')
    expect(rowOf).toEqual([2, 3, 5])
  })
  it('reads a notice line by line', () => {
    expect(readNotice('2027-01-01 休 元旦\n\n2027-01-03，班，元旦')).toEqual({ days: [{ date: '2027-01-01', kind: 'holiday', name: '元旦' }, { date: '2027-01-03', kind: 'workday', name: '元旦' }], bad: null })
    expect(readNotice('2027-02-30 休 x').bad).toEqual({ line: 1, text: '2027-02-30 休 x' })
  })
})

describe('the official form', () => {
  it('stands in tables of one shape', () => {
    const form = { rows: [{ key: null, zh: 'h' }, { key: 'a' }, { key: 'b' }, { key: 'c' }], cells: { a: { natural: 1 }, b: { natural: 0 }, c: { value: 2 } } } as unknown as Form
    expect(blocksOf(form).map((b) => [b.wide, b.rows.length])).toEqual([[true, 3], [false, 1]])
  })
})

describe('a call', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout'] }))
  it('repeats a write with the same key while no answer comes', async () => {
    const keys: (string | null)[] = []
    vi.stubGlobal('fetch', (_url: string, how: RequestInit) => {
      keys.push((how.headers as Record<string, string>)['Idempotency-Key'] ?? null)
      return keys.length < 3 ? Promise.reject(new TypeError('network')) : Promise.resolve(new Response('{"ok":true}', { status: 201, headers: { 'content-type': 'application/json' } }))
    })
    const answer = post<{ ok: boolean }>('/v1/cases', {})
    await vi.runAllTimersAsync()
    expect((await answer).ok).toBe(true)
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(newKey()).not.toBe(newKey())
  })
  it('asks for the password and goes on, and says when nobody answers', async () => {
    let asked = 0
    useHooks({ language: () => 'en', reachable: () => {}, loginAgain: async () => void (asked += 1) })
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('{"a":1}', { status: asked ? 200 : 401, headers: { 'content-type': 'application/json' } })))
    expect(await post('/v1/x')).toEqual({ a: 1 })
    expect(asked).toBe(1)
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')))
    const lost = expect(post('/v1/x')).rejects.toBeInstanceOf(Unreachable)
    await vi.runAllTimersAsync()
    await lost
    expect(pathOf('/v1/cases', { a: '1', b: '', c: null, d: ['x', 'y'], e: false })).toBe('/v1/cases?a=1&d=x%2Cy')
  })
})
