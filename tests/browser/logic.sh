#!/bin/sh
# SPDX-License-Identifier: MulanPSL-2.0
# What logic the web client has, without a browser; in the long run its types against the API's description as well.
set -eu
cd "$(dirname "$0")/../../client/web"
node node_modules/vitest/vitest.mjs run
[ -z "${OGID_TEST_LONG:-}" ] || npm run -s check
