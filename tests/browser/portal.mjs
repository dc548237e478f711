// SPDX-License-Identifier: MulanPSL-2.0
// The applicant's journeys in a real browser without scripts. portal.mjs URL OUTPUT: a line of JSON for each journey on standard
// output, pictures of every page in both sizes into OUTPUT.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const require = createRequire(fileURLToPath(new URL('../../client/web/package.json', import.meta.url)))
const { chromium } = require('playwright-core')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const [base, out] = process.argv.slice(2)
const SIZES = { 1366: { width: 1366, height: 768 }, 390: { width: 390, height: 844 } }
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] })
const must = (truth, what) => {
  if (!truth) throw new Error(what)
}

/** A person at home; without scripts unless the checker needs them. */
async function home({ size = 1366, language = 'zh-CN', scripts = false } = {}) {
  const context = await browser.newContext({ viewport: SIZES[size], locale: language, javaScriptEnabled: scripts })
  const page = await context.newPage()
  page.setDefaultTimeout(15000)
  const foreign = []
  page.on('request', (r) => !r.url().startsWith(base) && foreign.push(r.url()))
  return { context, page, foreign, close: () => context.close() }
}
async function fill(page, more = {}) {
  const typed = { name: '叶桂芳𠮷', id_number: '11010519491231002X', phone: '13800000031', description: '山田村 2025 年高龄津贴发放标准', ...more }
  for (const [name, text] of Object.entries(typed)) await page.fill(`#${name}`, text)
}
async function send(page, more) {
  await page.goto(`${base}/portal/apply?org=zhucun`)
  await fill(page, more)
  await page.click('.pf button')
}
async function card(page) {
  const [number, code] = await page.locator('.num').allTextContents()
  return { number, code }
}
async function look(page, { number, code }) {
  await page.goto(`${base}/portal/status?org=zhucun`)
  await page.fill('#number', number)
  await page.fill('#query_code', code)
  await page.click('.pf button')
}

const journeys = {
  async 'a request is sent without scripts, by keyboard, and followed up'() {
    const { page, foreign, close } = await home()
    await page.goto(`${base}/portal/`)
    await page.keyboard.press('Tab')
    must((await page.locator(':focus').textContent()).includes('跳到正文'), 'the skip link is not first')
    await page.click('main .btn.pri')
    await page.selectOption('#org', 'zhucun')
    await fill(page)
    await page.focus('#description')
    for (let i = 0; i < 12 && (await page.locator('button:focus').count()) === 0; i++) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.code')
    const mine = await card(page)
    must(/^\d{4}-\d+$/.test(mine.number) && /^\w{5}-\w{5}$/.test(mine.code), 'no number or code')
    await page.reload()
    must((await card(page)).number === mine.number, 'a reload stored it twice')
    await look(page, mine)
    must((await page.textContent('.res')).includes('办理中，将在'), 'no stage')
    must(!page.url().includes(mine.code.slice(0, 5)), 'the code is in the address')
    must(foreign.length === 0, `asked elsewhere: ${foreign}`)
    await close()
  },
  async 'what was typed is kept beside what is wrong'() {
    const { page, close } = await home()
    await send(page, { name: '', id_number: '123' })
    must((await page.textContent('.errs h2')).includes('还有 2 处'), 'no summary')
    await page.click('.errs a[href="#name"]')
    must(page.url().endsWith('#name'), 'the link leads nowhere')
    must((await page.inputValue('#id_number')) === '123' && (await page.inputValue('#phone')) === '13800000031', 'typed text is lost')
    await fill(page)
    await page.click('.pf button')
    await page.waitForSelector('.code')
    await close()
  },
  async 'files go with it; it is withdrawn only after a second step'() {
    const { page, close } = await home({ size: 390 })
    await page.goto(`${base}/portal/apply?org=zhucun`)
    await fill(page)
    await page.setInputFiles('#files', [{ name: '身份证.png', mimeType: 'image/png', buffer: Buffer.from('89504e470d0a1a0a', 'hex') }])
    await page.click('.pf button')
    await page.waitForSelector('.code')
    must((await page.textContent('main')).includes('已添加 1 个文件'), 'no file')
    const mine = await card(page)
    await look(page, mine)
    await page.click('summary')
    await page.click('.btn.danger')
    must((await page.textContent('.errs')).includes('勾选确认'), 'withdrawn at once')
    await page.check('#sure')
    await page.click('.btn.danger')
    must((await page.textContent('.res')).includes('办结'), 'not withdrawn')
    await close()
  },
  async 'a look is kept from page to page'() {
    const { page, close } = await home({ size: 390 })
    await page.goto(`${base}/portal/apply?org=zhucun`)
    await page.click('.sw >> text=长者模式')
    await page.click('.sw >> text=高对比度')
    await page.click('.tabs >> text=查询进度')
    must((await page.getAttribute('html', 'class')).trim() === 'elder contrast', 'forgotten')
    const size = await page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize))
    must(size >= 24, `large print of ${size} px`)
    await page.click('.sw >> text=English')
    must((await page.getAttribute('html', 'lang')) === 'en', 'not English')
    await close()
  },
}

const LOOKS = [
  ['zh-CN', 1366, ''],
  ['zh-CN', 390, ''],
  ['zh-CN', 1366, 'mode=elder'],
  ['zh-CN', 390, 'mode=elder&contrast=high'],
  ['en', 1366, ''],
  ['en', 390, 'mode=elder'],
  ['en', 390, 'size=2'],
]
for (const [language, size, look_] of LOOKS)
  journeys[`every page is accessible and fits: ${language}, ${size} px${look_ && `, ${look_}`}`] = async () => {
    const { page, close } = await home({ size, language, scripts: true })
    const faults = []
    const check = async (name) => {
      await page.screenshot({ path: `${out}/portal-${name}-${language}-${size}${look_ && `-${look_.replace(/\W/g, '-')}`}.png`, fullPage: true })
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      if (wide > 0) faults.push(`${name}: ${wide} px too wide`)
      const small = await page.evaluate(() => [...document.querySelectorAll('.btn, .sw, .tabs a, .ctl, summary')].filter((e) => e.getClientRects().length && e.getBoundingClientRect().height < 44).length)
      if (small > 0) faults.push(`${name}: ${small} targets under 44 px`)
      await page.evaluate(axe)
      const found = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
      for (const v of found.violations) faults.push(`${name}: ${v.id}: ${v.nodes[0].html.slice(0, 160)}`)
    }
    await page.goto(`${base}/portal/?org=zhucun${look_ && `&${look_}`}`)
    await check('home')
    await page.goto(`${base}/portal/apply?org=zhucun`)
    await check('apply')
    await fill(page, { name: '', phone: '' })
    await page.click('.pf button')
    await check('faults')
    await fill(page)
    await page.click('.pf button')
    await page.waitForSelector('.code')
    await check('done')
    const mine = await card(page)
    await page.goto(`${base}/portal/status?org=zhucun`)
    await check('status')
    await look(page, { ...mine, code: '00000-00000' })
    await check('wrong')
    await look(page, mine)
    await page.click('summary')
    await check('found')
    await close()
    must(faults.length === 0, faults.join('\n'))
  }

for (const [name, walk] of Object.entries(journeys)) {
  try {
    await walk()
    console.log(JSON.stringify({ name, ok: true }))
  } catch (e) {
    console.log(JSON.stringify({ name, ok: false, error: e.message }))
  }
}
await browser.close()
