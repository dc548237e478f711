// SPDX-License-Identifier: MulanPSL-2.0
// The journeys of the staff in a real browser. journeys.mjs URL OUTPUT [ACCOUNTS]: a line of JSON for each journey on standard
// output, pictures of every screen in both sizes into OUTPUT. ACCOUNTS (.dev/accounts.tsv) holds the passwords of the demo.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = new URL('../../client/web/', import.meta.url)
const require = createRequire(fileURLToPath(new URL('package.json', here)))
const { chromium } = require('playwright-core')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const [base, out, accounts] = process.argv.slice(2)
const rows = accounts ? readFileSync(accounts, 'utf8').trim().split('\n').map((line) => line.split('\t')) : []
const password = (login) => rows.find((row) => row[0] === login)?.[2] ?? 'correct horse battery'
const WIDE = { width: 1366, height: 768 }
const NARROW = { width: 390, height: 844 }
const LIMIT = 350 * 1024

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] })
const must = (truth, what) => {
  if (!truth) throw new Error(what)
}

/** A person at a desk: a context of their own; what the page complains of, and whom it asks, is kept. */
async function desk(login, { viewport = WIDE, language = 'zh-CN' } = {}) {
  const context = await browser.newContext({ viewport, locale: language, timezoneId: 'America/New_York' })
  const page = await context.newPage()
  page.setDefaultTimeout(15000)
  const foreign = []
  const said = []
  page.on('request', (r) => !r.url().startsWith(base) && !/^(data|blob):/.test(r.url()) && foreign.push(r.url()))
  const pending = new Set()
  page.on('request', (r) => r.url().endsWith('/v1/stream') || pending.add(r))
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (r) => pending.delete(r))
  page.on('console', (m) => m.type() === 'error' && /Security Policy|TypeError|Unhandled/.test(m.text()) && said.push(m.text()))
  page.on('pageerror', (e) => said.push(e.message))
  await page.addInitScript((l) => localStorage.setItem('ogid.language', l), language)
  /** Drawn, with nothing on its way; the stream of changes never ends and does not count. */
  const settled = async () => {
    await page.waitForSelector('h1')
    for (let still = 0; still < 3; still = pending.size === 0 ? still + 1 : 0)
      await page.evaluate(() => new Promise((go) => requestAnimationFrame(() => setTimeout(go, 30))))
  }
  if (login) {
    await page.goto(`${base}/login`)
    await page.fill('#u', login)
    await page.fill('#p', password(login))
    await page.press('#p', 'Enter')
    await page.waitForURL('**/cases')
    await settled()
  }
  return { context, page, foreign, said, settled, close: () => context.close() }
}
async function api(page, method, path, body) {
  return page.evaluate(async ([m, p, b]) => (await fetch(p, { method: m, headers: { 'Content-Type': 'application/json' }, body: b && JSON.stringify(b) })).json(), [method, path, body])
}
const request = (name) => ({ channel: 'in_person', applicant: { kind: 'natural', name, phone: '13800000026' }, description: `${name}所需的信息：人行道改造工程结算`, assignee: 'handler' })
const act = (page, word) => page.locator('.acts .btn', { hasText: word }).first().click()

const journeys = {
  async 'a wrong password says so without saying which part'() {
    const d = await desk(null)
    await d.page.goto(`${base}/cases`)
    await d.page.waitForURL('**/login')
    await d.page.fill('#u', 'duo')
    await d.page.fill('#p', 'not the password')
    await d.page.press('#p', 'Enter')
    must((await d.page.textContent('[role=alert]')).includes('用户名或密码'), 'no sentence')
    await d.page.fill('#p', password('duo'))
    await d.page.press('#p', 'Enter')
    await d.page.waitForURL('**/cases')
    await d.close()
  },
  async 'a request is registered by keyboard alone'() {
    const d = await desk('duo')
    await d.page.keyboard.press('n')
    await d.page.waitForSelector('.due .big b')
    await d.page.focus('#name')
    await d.page.keyboard.type('䶮𠮷')
    await d.page.keyboard.press('Tab')
    await d.page.keyboard.press('Tab')
    await d.page.keyboard.press('Tab')
    await d.page.keyboard.type('13800000147')
    must(await d.page.inputValue('#phone') === '13800000147', 'the order of the form')
    await d.page.focus('#description')
    await d.page.keyboard.type('人行道改造工程竣工验收报告')
    await d.page.keyboard.press('Control+Enter')
    await d.page.waitForSelector('.bigno')
    must(/^\d{4}-\d+$/.test((await d.page.textContent('.bigno')).trim()), 'no number')
    must(await d.page.evaluate(() => document.activeElement.textContent.includes('打印回执')), 'focus on the receipt')
    must((await d.page.textContent('.slip')).includes('䶮𠮷'), 'the receipt')
    await d.page.screenshot({ path: `${out}/registered-1366.png` })
    await d.close()
  },
  async 'a lost answer makes one case, and a draft survives a reload'() {
    const d = await desk('duo')
    await d.page.goto(`${base}/register`)
    await d.page.fill('#name', '只此一件')
    await d.page.fill('#phone', '13800000148')
    await d.page.fill('#description', '答复丢失时只存一件')
    await d.page.waitForSelector('.head .tag')
    await d.page.reload()
    must(await d.page.inputValue('#name') === '只此一件', 'the draft is gone')
    let lost = 0
    await d.page.route('**/v1/cases', async (route) => {
      if (route.request().method() !== 'POST' || lost >= 4) return route.continue()
      lost += 1
      await route.fetch() // it arrives and is stored; the answer never comes back
      return route.abort('connectionreset')
    })
    await d.page.keyboard.press('Control+Enter')
    await d.page.waitForSelector('.form .note[role=alert]')
    await d.page.reload() // even so
    await d.page.waitForSelector('.bigno', { timeout: 20000 })
    const found = await api(d.page, 'GET', `/v1/cases?q=${encodeURIComponent('只此一件')}`)
    must(found.cases.length === 1, `${found.cases.length} cases`)
    await d.close()
  },
  async 'faults stand at their fields'() {
    const d = await desk('duo')
    await d.page.goto(`${base}/register`)
    await d.page.click('.save .pri')
    await d.page.waitForSelector('#name[aria-invalid=true]')
    must(await d.page.locator('.form .fi .fault').count() >= 2, 'all faults at once')
    await d.close()
  },
  async 'the ledger is searched, filtered and handed over'() {
    const d = await desk('duo')
    await api(d.page, 'POST', '/v1/cases', request('欧阳台账'))
    await d.page.keyboard.press('/')
    await d.page.keyboard.type('欧阳')
    await d.page.waitForFunction(() => document.querySelectorAll('.ledger tbody tr').length === 1)
    must(new URL(d.page.url()).searchParams.get('q') === '欧阳', 'the address holds the search')
    await d.page.click('.ledger tbody input[type=checkbox]')
    await d.page.click('.bulk .btn')
    await d.page.selectOption('#to', 'duo')
    await d.page.click('.el-dialog .pri')
    await d.page.waitForSelector('.bulk:has-text("已指派")')
    await d.page.click('.chips .chip:has-text("已办结")')
    await d.page.waitForSelector('.empty')
    await d.close()
  },
  async 'an extension is previewed, confirmed and told'() {
    const d = await desk('duo')
    const c = await api(d.page, 'POST', '/v1/cases', request('延期之人'))
    await d.page.goto(`${base}/cases/${c.org}:${c.number}`)
    await act(d.page, '延期')
    await d.page.waitForSelector('.effect .mv')
    const due = await d.page.textContent('.effect .to b')
    await d.page.selectOption('[id="e-extended-approved_by"]', 'ogi_head')
    await d.page.waitForSelector('.clock .ext.pre')
    await d.page.screenshot({ path: `${out}/extension-1366.png` })
    await d.page.click('.step2 .btn')
    await d.page.waitForSelector('.said:has-text("延期")')
    must((await d.page.textContent('.band')).includes(due), 'the new date stands above')
    must(await d.page.locator('.acts .btn[aria-pressed=true]').count() === 0, 'the form is closed')
    await d.close()
  },
  async 'two at one case: nobody overwrites, what was typed stays'() {
    const [a, b] = [await desk('duo'), await desk('handler')]
    const c = await api(a.page, 'POST', '/v1/cases', request('两人之件'))
    for (const d of [a, b]) await d.page.goto(`${base}/cases/${c.id}`)
    await act(a.page, '备注')
    await a.page.fill('[id="e-noted-note"]', '甲写下的话')
    await act(b.page, '备注')
    await b.page.fill('[id="e-noted-note"]', '乙先记入')
    await b.page.click('.step2 .btn')
    await b.page.waitForSelector('.said:not(.vh)')
    await a.page.click('.step2 .btn')
    await a.page.waitForFunction(() => document.querySelector('.aform > .note') || document.querySelector('.said:not(.vh)'))
    if (await a.page.locator('.aform > .note').count()) {
      must(await a.page.inputValue('[id="e-noted-note"]') === '甲写下的话', 'typed text is gone')
      await a.page.click('.step2 .btn')
      await a.page.waitForSelector('.said:not(.vh)')
    }
    const { events } = await api(a.page, 'GET', `/v1/cases/${c.id}/events`)
    must(events.filter((e) => e.kind === 'noted').length === 2, 'both notes')
    await a.close()
    await b.close()
  },
  async 'a session that ends asks in place and the work goes on'() {
    const d = await desk('duo')
    const c = await api(d.page, 'POST', '/v1/cases', request('过期之件'))
    await d.page.goto(`${base}/cases/${c.id}`)
    await act(d.page, '备注')
    await d.page.fill('[id="e-noted-note"]', '登录过期前写的')
    await d.context.clearCookies()
    await d.page.click('.step2 .btn')
    await d.page.waitForSelector('#again')
    await d.page.fill('#again', password('duo'))
    await d.page.press('#again', 'Enter')
    await d.page.waitForSelector('.said:not(.vh)')
    must((await d.page.textContent('.tl')).includes('登录过期前写的'), 'the note')
    await d.close()
  },
  async 'the first load is small and nobody else is asked'() {
    const d = await desk(null)
    let bytes = 0
    const cdp = await d.context.newCDPSession(d.page)
    await cdp.send('Network.enable')
    cdp.on('Network.loadingFinished', (e) => (bytes += e.encodedDataLength))
    await d.page.goto(`${base}/login`)
    await d.page.fill('#u', 'duo')
    await d.page.fill('#p', password('duo'))
    await d.page.press('#p', 'Enter')
    await d.page.waitForSelector('.ledger')
    must(bytes <= LIMIT, `${bytes} bytes`)
    must(d.foreign.length === 0, d.foreign.join(' '))
    await d.close()
    return { bytes }
  },
}

const SCREENS = ['/register', '/cases', '/cases/zhucun:{n}', '/board', '/statistics', '/reports', '/disclosures', '/admin/calendar', '/admin/orgs', '/admin/people', '/admin/settings', '/admin/templates', '/account', '/nowhere']
const ADMIN = ['/admin/audit', '/import']
const nameOf = (path) => path.replace('{n}', '').replace(/[^a-z]+/g, '-').replace(/^-|-$/g, '')

async function check(d, path, picture, faults) {
  await d.page.goto(base + path)
  await d.settled()
  if (picture) await d.page.screenshot({ path: `${out}/${picture}.png` })
  const sideways = await d.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  if (sideways > 0) faults.push(`${path}: ${sideways} px sideways`)
  await d.page.evaluate(axe)
  const found = await d.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  for (const v of found.violations) faults.push(`${path}: ${v.id} ${v.nodes.slice(0, 2).map((n) => n.html.slice(0, 160)).join(' | ')}`)
}
for (const [language, viewport, tag] of [['zh-CN', WIDE, '1366'], ['en', WIDE, 'en'], ['zh-CN', NARROW, '390']])
  journeys[`every screen is accessible and fits: ${language}, ${viewport.width} px`] = async () => {
    const faults = []
    for (const [login, paths] of [[null, ['/login']], ['duo', SCREENS], ['admin', ADMIN]]) {
      const d = await desk(login, { viewport, language })
      const first = login === 'duo' ? (await api(d.page, 'GET', '/v1/cases?limit=1&sort=number')).cases[0] : null
      for (const path of paths) await check(d, path.replace('{n}', first?.number ?? ''), `${nameOf(path)}-${tag}`, faults)
      faults.push(...d.said.map((s) => `said: ${s}`), ...d.foreign.map((f) => `asked: ${f}`))
      await d.close()
    }
    must(faults.length === 0, faults.join('\n'))
  }

const only = process.env.ONLY
for (const [name, journey] of Object.entries(journeys)) {
  if (only && !name.includes(only)) continue
  const begun = Date.now()
  let answer = { name, ok: true }
  try {
    Object.assign(answer, await journey())
  } catch (error) {
    answer = { name, ok: false, error: String(error.stack ?? error).slice(0, 4000) }
  }
  for (const context of browser.contexts()) await context.close()
  console.log(JSON.stringify({ ...answer, ms: Date.now() - begun }))
}
await browser.close()
