// SPDX-License-Identifier: MulanPSL-2.0
// The screens, on one screen: path, who finds it in the head (roles; none: everybody), component. The server decides
// what a person may; this only leaves out of the way what is not theirs.
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { t } from './i18n'
import { loadSession, session } from './session'

const admin = () => import('./screens/AdminScreen.vue')
const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/cases' },
  { path: '/login', component: () => import('./screens/LoginScreen.vue'), meta: { title: 'shell.logIn', open: true } },
  { path: '/register', component: () => import('./screens/RegisterScreen.vue'), meta: { title: 'shell.register' } },
  { path: '/cases', component: () => import('./screens/LedgerScreen.vue'), meta: { title: 'shell.ledger' } },
  { path: '/cases/:id', component: () => import('./screens/CaseScreen.vue'), meta: { title: 'shell.ledger' }, props: true },
  { path: '/board', component: () => import('./screens/BoardScreen.vue'), meta: { title: 'shell.board' } },
  { path: '/statistics', component: () => import('./screens/StatisticsScreen.vue'), meta: { title: 'shell.statistics' } },
  { path: '/reports', component: () => import('./screens/ReportScreen.vue'), meta: { title: 'shell.report' } },
  { path: '/disclosures', component: () => import('./screens/DisclosuresScreen.vue'), meta: { title: 'shell.disclosures' } },
  { path: '/import', component: () => import('./screens/ImportScreen.vue'), meta: { title: 'shell.admin' } },
  { path: '/admin', redirect: '/admin/calendar' },
  { path: '/admin/:part', component: admin, meta: { title: 'shell.admin' }, props: true },
  { path: '/account', component: () => import('./screens/AccountScreen.vue'), meta: { title: 'shell.account' } },
  { path: '/:rest(.*)*', component: () => import('./screens/NotFoundScreen.vue'), meta: { title: 'shell.notFound' } },
]

export const NAV: { to: string; word: string; roles: string[] }[] = [
  { to: '/register', word: 'shell.register', roles: ['front_desk', 'handler'] },
  { to: '/cases', word: 'shell.ledger', roles: [] },
  { to: '/board', word: 'shell.board', roles: [] },
  { to: '/statistics', word: 'shell.statistics', roles: ['statistician', 'supervisor', 'ogi_head', 'admin'] },
  { to: '/reports', word: 'shell.report', roles: ['statistician', 'supervisor', 'ogi_head', 'admin'] },
  { to: '/disclosures', word: 'shell.disclosures', roles: [] },
  { to: '/admin', word: 'shell.admin', roles: [] },
]

export const router = createRouter({ history: createWebHistory(), routes, scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 } })

router.beforeEach(async (to) => {
  if (!session.asked) await loadSession()
  if (session.me && to.path === '/login') return '/'
  if (!session.me && !to.meta.open) return { path: '/login', query: to.fullPath === '/cases' ? {} : { to: to.fullPath } }
  return true
})
router.afterEach((to, from) => {
  document.title = `${t((to.meta.title as string) ?? 'shell.name')} · ${t('shell.name')}`
  if (from.matched.length > 0 && to.path !== from.path) document.getElementById('main')?.focus({ preventScroll: true })
})
