#!/bin/sh
# Runs all tests of pages in each engine, one after the other: npm run test:browsers
# Tests that need more than WebDriver (clocks, changed responses, frames) run in Chromium alone.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p .tap
failed=0
for engine in chromium firefox webkit; do
  echo "# $engine"
  for test in test/browser/*.test.ts; do
    [ "$engine" = chromium ] || grep -q inEngines "$test" || continue
    BROWSERS=$engine TAP_TIMEOUT=400 node "dist/${test%.ts}.js" >.tap/browser.tap || failed=1
    grep -E '^ *(not ok|# not in)|^ok' .tap/browser.tap || true
  done
done
exit "$failed"
