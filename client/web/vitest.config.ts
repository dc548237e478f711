// SPDX-License-Identifier: MulanPSL-2.0
// The tests of what logic there is, without a browser.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.ts'], env: { TZ: 'America/New_York' } },
})
