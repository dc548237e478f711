// SPDX-License-Identifier: MulanPSL-2.0
// The journeys of the staff in a real browser. journeys.mjs URL OUTPUT [ACCOUNTS]: a line of JSON for each journey on standard
// output, pictures of every screen into OUTPUT. ACCOUNTS (.dev/accounts.tsv) holds the passwords of the demo. Set by the test:
// HOST (it can end and start the daemon), SHEET (a ledger of an office), OGID_TEST_LONG (sheets as PDF). ONLY: a pattern of names.
import { act, api, atDesks, base, browser, confirm, desk, hasHost, host, must, out, paper, password, request } from './desk.mjs'
import { screens } from './screens.mjs'

const LIMIT = 350 * 1024
const AT_ONCE = 2

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
  },
  async 'a request is registered by keyboard alone'() {
    const d = await desk('duo')
    await d.page.keyboard.press('?')
    await d.page.waitForSelector('.keylist')
    await d.page.keyboard.press('n') // a dialog is open: the key is not for the page
    await d.page.keyboard.press('Escape')
    await d.page.waitForSelector('.keylist', { state: 'hidden' })
    for (const [keys, path] of [['gb', '/board'], ['gs', '/statistics'], ['gl', '/cases']]) {
      for (const key of keys) await d.page.keyboard.press(key)
      await d.page.waitForURL(`**${path}`)
      await d.settled()
    }
    await d.page.keyboard.press('n')
    await d.page.waitForSelector('.due .big b')
    await d.page.focus('#name')
    await d.page.keyboard.type('䶮𠮷')
    for (let i = 0; i < 3; i++) await d.page.keyboard.press('Tab')
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
    await d.page.keyboard.press('p')
    must(await d.page.evaluate(() => window.printed === 1), 'p does not print')
  },
  async 'a request from the counter to the table: registered, found, extended, reviewed, decided, served, counted, printed'() {
    const d = await desk('duo')
    const { page } = d
    await d.go('/register')
    await page.fill('#name', '从头到尾')
    await page.fill('#phone', '13800000149')
    await page.fill('#description', '从头到尾的一件：道路改造竣工图')
    await page.click('.save .pri')
    await page.waitForSelector('.bigno')
    const number = (await page.textContent('.bigno')).trim()
    await page.click('.saved .btns .pri')
    must(await page.evaluate(() => window.printed === 1), 'the receipt is not printed')
    await paper(page, 'receipt', 1)
    await page.keyboard.press('/')
    await page.keyboard.type('从头到尾')
    await page.waitForURL(/[?&]q=/)
    await page.waitForFunction(() => document.querySelectorAll('.ledger tbody tr').length === 1)
    await page.click('.ledger tbody .no')
    await page.waitForSelector('.band')
    must((await page.textContent('h1')).includes(number), 'another case')
    const before = (await api(page, 'GET', `/v1/cases/zhucun:${number}`)).due_on
    await act(page, '延期', 'extended')
    await confirm(page, 'extended', { workdays: '10', approved_by: 'ogi_head' })
    const extended = await api(page, 'GET', `/v1/cases/zhucun:${number}`)
    must(extended.due_on > before && (await page.textContent('.band')).includes(extended.due_on), 'the new date stands above')
    await d.go('/board')
    must((await page.textContent('.tiles')).match(/[1-9]\d*\s*正常/), 'the board knows of nothing in time')
    await d.go(`/cases/zhucun:${number}`)
    await act(page, '保密审查', 'reviewed')
    await confirm(page, 'reviewed', { decision: 'passed' })
    await act(page, '作出决定', 'decided')
    await confirm(page, 'decided', { outcome: 'grant', variant: 'grant.provided', document_no: '朱依申答〔2026〕1号' })
    await act(page, '送达答复', 'served')
    await confirm(page, 'served', { by: 'signature' })
    await page.waitForSelector('.light.none')
    await page.screenshot({ path: `${out}/served-1366.png` })
    const letter = await d.context.newPage()
    await letter.goto(`${base}/v1/cases/zhucun:${number}/documents/reply.html`)
    await paper(letter, 'reply', 2)
    await letter.close()
    const year = number.slice(0, 4)
    await d.go(`/statistics?year=${year}`)
    await page.click('.official button[aria-label^="（一）予以公开 总计"], .official button[aria-label*="予以公开 总计"]')
    await page.waitForSelector(`.el-dialog .list :text("${number}")`)
  },
  async 'letters, tables and the report fit on A4'() {
    const d = await desk('duo')
    const c = await api(d.page, 'POST', '/v1/cases', request('印出来的'))
    for (const [path, name, most] of [[`cases/${c.id}/documents/receipt`, 'receipt-letter', 1], ['statistics/f21/2026', 'statistics', 4], ['reports/2026', 'report', 12]]) {
      await d.page.goto(`${base}/v1/${path}.html`)
      await paper(d.page, name, most)
    }
  },
  async 'a lost answer makes one case, and a draft survives a reload'() {
    const d = await desk('duo')
    await d.go('/register')
    await d.page.fill('#name', '只此一件')
    await d.page.fill('#phone', '13800000148')
    await d.page.fill('#description', '答复丢失时只存一件')
    await d.page.waitForSelector('.head .tag')
    await d.page.reload()
    await d.page.waitForSelector('#name')
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
    await d.page.waitForSelector('.bigno')
    const found = await api(d.page, 'GET', `/v1/cases?q=${encodeURIComponent('只此一件')}`)
    must(found.cases.length === 1, `${found.cases.length} cases`)
  },
  async 'on a slow network the screen waits in view, and one press saves once'() {
    const d = await desk('duo')
    const cdp = await d.context.newCDPSession(d.page)
    await cdp.send('Network.enable')
    await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 500, downloadThroughput: 60000, uploadThroughput: 60000 })
    await d.page.evaluate(() => document.querySelector('a[href="/board"]').click())
    await d.page.waitForSelector('.skeleton')
    await d.page.waitForSelector('.tiles')
    await d.go('/register')
    await d.page.fill('#name', '慢网之件')
    await d.page.fill('#phone', '13800000150')
    await d.page.fill('#description', '网络慢时只存一件')
    for (let i = 0; i < 3; i++) await d.page.keyboard.press('Control+Enter')
    await d.page.waitForSelector('.bigno')
    const found = await api(d.page, 'GET', `/v1/cases?q=${encodeURIComponent('慢网之件')}`)
    must(found.cases.length === 1, `${found.cases.length} cases`)
  },
  async 'faults stand at their fields'() {
    const d = await desk('duo')
    await d.go('/register')
    await d.page.click('.save .pri')
    await d.page.waitForSelector('#name[aria-invalid=true]')
    must(await d.page.locator('.form .fi .fault').count() >= 2, 'all faults at once')
  },
  async 'the ledger is searched, filtered and handed over'() {
    const d = await desk('duo')
    await api(d.page, 'POST', '/v1/cases', request('欧阳台账'))
    await d.page.keyboard.press('/')
    await d.page.keyboard.type('欧阳')
    await d.page.waitForURL((url) => url.searchParams.get('q') === '欧阳')
    await d.page.waitForFunction(() => document.querySelectorAll('.ledger tbody tr').length === 1)
    await d.page.click('.ledger tbody input[type=checkbox]')
    await d.page.click('.bulk .btn')
    await d.page.selectOption('#to', 'duo')
    await d.page.click('.el-dialog .pri')
    await d.page.waitForSelector('.bulk:has-text("已指派")')
    await d.page.click('.chips .chip:has-text("已办结")')
    await d.page.waitForSelector('.empty')
  },
  async 'an empty ledger says what to do next'() {
    const d = await desk('other')
    await d.page.waitForSelector('.empty a[href="/register"], .empty button')
  },
  async 'an extension is previewed, confirmed and told'() {
    const d = await desk('duo')
    const c = await api(d.page, 'POST', '/v1/cases', request('延期之人'))
    await d.go(`/cases/${c.org}:${c.number}`)
    await act(d.page, '延期', 'extended')
    await d.page.waitForSelector('.effect .mv')
    const due = await d.page.textContent('.effect .to b')
    await d.page.selectOption('[id="e-extended-approved_by"]', 'ogi_head')
    await d.page.waitForSelector('.clock .ext.pre')
    await d.page.screenshot({ path: `${out}/extension-1366.png` })
    await d.page.click('.step2 .btn')
    await d.page.waitForSelector('.said:has-text("延期")')
    must((await d.page.textContent('.band')).includes(due), 'the new date stands above')
    must(await d.page.locator('.acts .btn[aria-pressed=true]').count() === 0, 'the form is closed')
  },
  async 'two at one case: nobody overwrites, what was typed stays'() {
    const [a, b] = [await desk('duo', { deaf: true }), await desk('handler')]
    const c = await api(a.page, 'POST', '/v1/cases', request('两人之件'))
    for (const d of [a, b]) await d.go(`/cases/${c.id}`)
    await act(a.page, '备注', 'noted')
    await a.page.fill('[id="e-noted-note"]', '甲写下的话')
    await act(b.page, '备注', 'noted')
    await confirm(b.page, 'noted', { note: '乙先记入' })
    await a.page.click('.step2 .btn')
    await a.page.waitForSelector('.aform > .note[role=alert]')
    must((await a.page.textContent('.tl')).includes('乙先记入'), 'what changed is not shown')
    must(await a.page.inputValue('[id="e-noted-note"]') === '甲写下的话', 'typed text is gone')
    await a.page.screenshot({ path: `${out}/conflict-1366.png` })
    await a.page.click('.step2 .btn')
    await a.page.waitForSelector('.said:not(.vh)')
    const { events } = await api(a.page, 'GET', `/v1/cases/${c.id}/events`)
    must(/乙先记入.*甲写下的话/s.test(JSON.stringify(events.filter((e) => e.kind === 'noted'))), 'both notes')
  },
  async 'the board follows the ledger by itself'() {
    const [a, b] = [await desk('supervisor'), await desk('front_desk')]
    await a.go('/board')
    const open = () => a.page.evaluate(() => document.querySelector('.tiles').textContent)
    const before = await open()
    await b.page.waitForSelector('h1')
    await api(b.page, 'POST', '/v1/cases', { ...request('看得见'), assignee: undefined })
    await a.page.waitForFunction((old) => document.querySelector('.tiles').textContent !== old, before)
    await a.page.click('.head .btn:has-text("图示")')
    await a.page.waitForSelector('.figure canvas')
    await a.page.click('.figure summary')
    await a.page.waitForSelector('.figures td')
    await a.page.screenshot({ path: `${out}/board-pictures-1366.png` })
  },
  async 'a session that ends asks in place and the work goes on'() {
    const d = await desk('duo')
    const c = await api(d.page, 'POST', '/v1/cases', request('过期之件'))
    await d.go(`/cases/${c.id}`)
    await act(d.page, '备注', 'noted')
    await d.context.clearCookies()
    await d.page.fill('[id="e-noted-note"]', '登录过期前写的') // what it would do is asked for, and the session is gone
    await d.page.waitForSelector('#again')
    await d.page.screenshot({ path: `${out}/again-1366.png` })
    await d.page.fill('#again', password('duo'))
    await d.page.press('#again', 'Enter')
    await d.page.waitForSelector('#again', { state: 'hidden' })
    must(await d.page.inputValue('[id="e-noted-note"]') === '登录过期前写的', 'typed text is gone')
    await d.page.click('.step2 .btn')
    await d.page.waitForSelector('.said:not(.vh)')
    must((await d.page.textContent('.tl')).includes('登录过期前写的'), 'the note')
  },
  async 'a year is frozen with a second, different confirmation'() {
    const d = await desk('statistician')
    await d.go('/statistics?year=2025')
    await d.page.click('.head .btn:has-text("图示")')
    await d.page.waitForSelector('.pics')
    await d.page.click('aside .wide')
    await d.page.fill('#sure', '2024')
    must(await d.page.isDisabled('.el-dialog .pri'), 'another year confirms')
    await d.page.fill('#sure', '2025')
    await d.page.click('.el-dialog .pri')
    await d.page.waitForSelector('.head :text("已冻结")')
    must(await d.page.locator('aside .wide').count() === 0, 'it can be frozen again')
  },
  async 'the report keeps what was written between its figures'() {
    const d = await desk('statistician')
    await d.go('/reports')
    await d.page.fill('#t5', '存在的主要问题：答复文书说理不充分。')
    await d.page.reload()
    await d.page.waitForSelector('#t5')
    must((await d.page.inputValue('#t5')).includes('说理不充分'), 'the draft is gone')
    await d.page.locator('section:has(#t5) .btn').click()
    await d.page.waitForSelector('section:has(#t5) [role=status]:has-text("已保存")')
  },
  async 'an item is published after its review'() {
    const [a, b] = [await desk('front_desk'), await desk('reviewer')]
    await a.go('/disclosures')
    await a.page.click('.head .pri')
    await a.page.fill('#dt', '关于人行道改造的通知')
    await a.page.selectOption('#dc2', { index: 1 })
    await a.page.click('.el-dialog .pri')
    await a.page.waitForSelector('.dis :text("关于人行道改造的通知")')
    await b.go('/disclosures')
    await b.page.click('.dis a:has-text("关于人行道改造的通知")')
    await b.page.waitForSelector('.el-dialog form')
    await b.page.click('.el-dialog form .btn')
    await b.page.waitForSelector('.el-dialog li:has-text("可以公开")')
    await a.page.click('.dis a:has-text("关于人行道改造的通知")')
    await a.page.waitForSelector('.el-dialog form')
    await a.page.selectOption('.el-dialog:visible select', 'website')
    await a.page.click('.el-dialog:visible form .btn')
    await a.page.waitForSelector('.el-dialog:visible li:has-text("网站")')
    await a.page.screenshot({ path: `${out}/disclosure-1366.png` })
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
    const begun = Date.now()
    await d.page.goto(`${base}/cases`)
    await d.page.waitForSelector('.ledger tbody tr')
    const ledger_ms = Date.now() - begun
    return { bytes, ledger_ms }
  },
  ...screens,
}

/* These change what all see, so they run one after another, when the others are through. */
const alone = {
  async 'an office brings its own ledger: columns matched, dry run, the good rows stored'() {
    if (!process.env.SHEET) return { skipped: true }
    const d = await desk('admin')
    await d.go('/import')
    await d.page.setInputFiles('input[type=file]', process.env.SHEET)
    await d.page.waitForSelector('table.list select')
    must((await d.page.textContent('.panel header')).includes('3'), 'the rows of the sheet')
    await d.page.fill('[aria-label^="单位代码"][aria-label$="统一填写"]', 'zhucun')
    await d.page.click('.toolbar .btn:has-text("试运行")')
    await d.page.waitForSelector('section[aria-live] tbody tr')
    must(/^\s*4/.test(await d.page.textContent('section[aria-live] tbody tr')), 'the row of the sheet')
    await d.page.screenshot({ path: `${out}/import-dry-1366.png`, fullPage: true })
    await d.page.click('.toolbar .pri:has-text("2")')
    await d.page.waitForSelector('section[aria-live] :text("已存入 2 件")')
  },
  async 'a holiday notice shows whom it moves before it holds'() {
    const d = await desk('admin')
    const day = await d.page.evaluate(async () => (await (await fetch('/v1/cases?status=open&limit=1&sort=due_on')).json()).cases[0].due_on)
    await d.go('/admin/calendar')
    await d.page.click('.withcal .btn[aria-expanded]')
    await d.page.fill('#nn', '国办发明电〔2026〕99号')
    await d.page.fill('#nd', `${day} 休 临时放假`)
    await d.page.click('.fields .btn')
    await d.page.waitForSelector('.moved tbody tr')
    must((await d.page.textContent('.moved')).includes(day), 'the date before')
    await d.page.screenshot({ path: `${out}/notice-1366.png` })
    await d.page.fill('#nc', '0')
    must(await d.page.isDisabled('.withcal .pri'), 'another number confirms')
    await d.page.fill('#nc', (await d.page.textContent('.withcal .n')).trim())
    await d.page.click('.withcal .pri')
    await d.page.waitForSelector('.moved', { state: 'detached' })
    await d.page.waitForSelector(`td.hol[title^="${day}"]`)
  },
  async 'the server is killed in mid-save: the draft is kept and sent exactly once'() {
    if (!hasHost) return { skipped: true }
    const d = await desk('duo')
    await d.go('/register')
    await d.page.fill('#name', '断电之件')
    await d.page.fill('#phone', '13800000151')
    await d.page.fill('#description', '服务器中途被杀')
    let killed = false
    await d.page.route('**/v1/cases', async (route) => {
      if (route.request().method() !== 'POST' || killed) return route.continue()
      killed = true
      await route.fetch() // stored, and then the daemon is gone before it could say so
      await host('kill')
      return route.abort('connectionreset')
    })
    await d.page.keyboard.press('Control+Enter')
    await d.page.waitForSelector('.form .note[role=alert]')
    must(await d.page.inputValue('#name') === '断电之件', 'the form is empty')
    must(await d.page.locator('.offline').count() === 1, 'nobody says that the server is gone')
    await d.page.screenshot({ path: `${out}/lost-1366.png` })
    await host('start')
    await d.page.click('.form .note .linkish')
    await d.page.waitForSelector('.bigno')
    const found = await api(d.page, 'GET', `/v1/cases?q=${encodeURIComponent('断电之件')}`)
    must(found.cases.length === 1, `${found.cases.length} cases`)
  },
}

async function tell(name, journey) {
  const begun = Date.now()
  let answer = { name, ok: true }
  try {
    Object.assign(answer, await atDesks(name, journey))
  } catch (error) {
    answer = { name, ok: false, error: String(error.stack ?? error).slice(0, 4000) }
  }
  console.log(JSON.stringify({ ...answer, ms: Date.now() - begun }))
}
const wanted = (list) => Object.entries(list).filter(([name]) => new RegExp(process.env.ONLY ?? '').test(name))
const queue = wanted(journeys)
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
  for (let next = queue.shift(); next; next = queue.shift()) await tell(...next)
}))
for (const one of wanted(alone)) await tell(...one)
await browser.close()
process.exit(0)
