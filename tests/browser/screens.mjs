// SPDX-License-Identifier: MulanPSL-2.0
// Every screen: a picture, nothing wider than the window, no finding of axe, no complaint of the page, nobody else asked.
import { NARROW, WIDE, api, axe, base, desk, must, out } from './desk.mjs'

const STAFF = ['/cases', '/register', '/cases/zhucun:{n}', '/board', '/statistics', '/reports', '/disclosures', '/admin/calendar', '/admin/orgs', '/admin/people', '/admin/settings', '/admin/templates', '/account', '/nowhere']
const ADMIN = ['/admin/audit', '/import']
const nameOf = (path) => path.replace('{n}', '').replace(/[^a-z]+/g, '-').replace(/^-|-$/g, '')

async function check(d, path, picture, faults) {
  await d.page.screenshot({ path: `${out}/${picture}.png` })
  const sideways = await d.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  if (sideways > 0) faults.push(`${path}: ${sideways} px sideways`)
  if (!(await d.page.evaluate(() => Boolean(window.axe)))) await d.page.evaluate(axe)
  const found = await d.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  for (const v of found.violations) faults.push(`${path}: ${v.id} ${v.nodes.slice(0, 2).map((n) => n.html.slice(0, 160)).join(' | ')}`)
}

async function every(language, viewport, tag) {
  const faults = []
  for (const [login, paths] of [[null, ['/login']], ['duo', STAFF], ['admin', ADMIN]]) {
    const d = await desk(login, { viewport, language })
    const first = login === 'duo' ? (await api(d.page, 'GET', '/v1/cases?limit=1&sort=number&status=open')).cases[0] : null
    for (const path of paths) {
      if (login) await d.go(path.replace('{n}', first?.number ?? ''))
      else await d.page.goto(base + path).then(d.settled)
      await check(d, path, `${nameOf(path)}-${tag}`, faults)
    }
    faults.push(...d.said.map((s) => `said: ${s}`), ...d.foreign.map((f) => `asked: ${f}`))
    await d.close()
  }
  must(faults.length === 0, faults.join('\n'))
}

export const screens = {
  'every screen is accessible and fits: zh-CN, 1366 px': () => every('zh-CN', WIDE, '1366'),
  'every screen is accessible and fits: en, 1366 px': () => every('en', WIDE, 'en'),
  'every screen is accessible and fits: zh-CN, 390 px': () => every('zh-CN', NARROW, '390'),
}
