// SPDX-License-Identifier: MulanPSL-2.0
// A person at a desk in Debian's Chromium, and what every journey needs of it. Owns the browser.
import { AsyncLocalStorage } from 'node:async_hooks'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const here = new URL('../../client/web/', import.meta.url)
const require = createRequire(fileURLToPath(new URL('package.json', here)))
const { chromium } = require('playwright-core')
export const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const [address, folder, accounts] = process.argv.slice(2)
export const base = address
export const out = folder
const rows = accounts ? readFileSync(accounts, 'utf8').trim().split('\n').map((line) => line.split('\t')) : []
export const password = (login) => rows.find((row) => row[0] === login)?.[2] ?? 'correct horse battery'
export const WIDE = { width: 1366, height: 768 }
export const NARROW = { width: 390, height: 844 }
const A4 = { width: 794, height: 1123 } // 210 mm × 297 mm at 96 dpi

export const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
export const must = (truth, what) => {
  if (!truth) throw new Error(what)
}

/* Whoever started this can kill the daemon and start it again: a line of JSON out, a line back. */
const answers = process.env.HOST ? createInterface({ input: process.stdin })[Symbol.asyncIterator]() : null
export const hasHost = answers !== null
export async function host(what) {
  console.log(JSON.stringify({ do: what }))
  await answers.next()
}

const desks = new AsyncLocalStorage()
/** Runs a journey; when it fails, what its desks showed is left as pictures. However it ends, they are cleared. */
export async function atDesks(name, journey) {
  const mine = []
  return desks.run(mine, async () => {
    try {
      return await journey()
    } catch (error) {
      const word = name.replace(/[^a-z]+/gi, '-').slice(0, 40)
      await Promise.all(mine.map((d, i) => d.page.screenshot({ path: `${out}/failed-${word}-${i + 1}.png` }).catch(() => {})))
      throw error
    } finally {
      await Promise.all(mine.map((d) => d.close()))
    }
  })
}

/** A context of one's own; what the page complains of, and whom it asks, is kept. */
export async function desk(login, { viewport = WIDE, language = 'zh-CN', deaf = false } = {}) {
  const context = await browser.newContext({ viewport, locale: language, timezoneId: 'America/New_York', reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(60000)
  const foreign = []
  const said = []
  const pending = new Set()
  page.on('request', (r) => !r.url().startsWith(base) && !/^(data|blob):/.test(r.url()) && foreign.push(r.url()))
  page.on('request', (r) => r.url().endsWith('/v1/stream') || pending.add(r))
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (r) => pending.delete(r))
  page.on('console', (m) => m.type() === 'error' && /Security Policy|TypeError|Unhandled/.test(m.text()) && said.push(m.text()))
  page.on('pageerror', (e) => said.push(e.message))
  await page.addInitScript((l) => {
    localStorage.setItem('ogid.language', l)
    window.print = () => (window.printed = (window.printed ?? 0) + 1)
  }, language)
  if (deaf) await page.route('**/v1/stream', (route) => route.abort())
  /** Drawn, with nothing on its way; the stream of changes never ends and does not count. */
  const settled = async () => {
    await page.waitForSelector('h1')
    for (let still = 0; still < 3; still = pending.size === 0 ? still + 1 : 0)
      await page.evaluate(() => new Promise((go) => requestAnimationFrame(() => setTimeout(go, 20))))
  }
  /** To another screen as a link would, without loading the client again. */
  const go = async (path) => {
    if (page.url().startsWith(base)) await page.evaluate((p) => document.querySelector('#app').__vue_app__.config.globalProperties.$router.push(p), path)
    else await page.goto(base + path)
    await settled()
  }
  const made = { context, page, foreign, said, settled, go, close: () => context.close() }
  desks.getStore()?.push(made)
  if (login) {
    await page.goto(`${base}/login`)
    await page.fill('#u', login)
    await page.fill('#p', password(login))
    await page.press('#p', 'Enter')
    await page.waitForURL('**/cases')
    await settled()
  }
  return made
}

export const api = (page, method, path, body) =>
  page.evaluate(async ([m, p, b]) => (await fetch(p, { method: m, headers: { 'Content-Type': 'application/json' }, body: b && JSON.stringify(b) })).json(), [method, path, body])
export const request = (name) => ({ channel: 'in_person', applicant: { kind: 'natural', name, phone: '13800000026' }, description: `${name}所需的信息：人行道改造工程结算`, assignee: 'handler' })

/** Opens the form of an act on the case that is shown. */
export async function act(page, word, kind) {
  await page.locator('.acts .btn').getByText(word, { exact: true }).click()
  await page.waitForSelector(`[id^="e-${kind}-"]`)
}
/** Fills it in, confirms, and waits until the screen says it is done. */
export async function confirm(page, kind, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`[id="e-${kind}-${name}"]`)
    if (!(await field.isVisible())) await page.click('.aform .later summary')
    if ((await field.evaluate((e) => e.tagName)) === 'SELECT') await field.selectOption(value)
    else await field.fill(value)
  }
  await page.click('.step2 .btn')
  await page.waitForSelector('.said:not(.vh)')
}

/** On paper: nothing wider than A4, and so many pages; the sheet is left as a PDF and as a picture. */
export async function paper(page, name, most) {
  await page.emulateMedia({ media: 'print' })
  const size = page.viewportSize()
  await page.setViewportSize(A4)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  await page.screenshot({ path: `${out}/paper-${name}.png` })
  // a PDF with Chinese type is slow to write: the long run counts its pages
  const pdf = !process.env.OGID_TEST_LONG && process.env.HOST ? null : await page.pdf({ path: `${out}/paper-${name}.pdf`, format: 'A4', preferCSSPageSize: true, printBackground: true })
  await page.emulateMedia({ media: 'screen' })
  await page.setViewportSize(size)
  const pages = pdf ? (pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0) : 1
  must(wide <= A4.width, `${name}: ${wide} px are wider than A4`)
  must(pages >= 1 && pages <= most, `${name}: ${pages} pages`)
}
