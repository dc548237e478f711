// SPDX-License-Identifier: MulanPSL-2.0
// Where the client begins.
import { createApp } from 'vue'
import App from './App.vue'
import { i18n, languageAtStart } from './i18n'
import { keys } from './keys'
import { router } from './router'
import './styles/tokens.css'
import './styles/client.css'

document.documentElement.lang = languageAtStart()
document.documentElement.dataset.keys = keys.on ? 'on' : 'off'
if (localStorage.getItem('ogid.contrast') === 'high') document.documentElement.dataset.contrast = 'high'
createApp(App).use(i18n).use(router).mount('#app')
