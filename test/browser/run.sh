#!/bin/sh
# Runs all tests of pages in each engine, or in those that are named, one after the other: npm run test:browsers -- firefox webkit
# Lines with `# not in` name what an engine cannot do, and why.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p .tap
[ $# -gt 0 ] || set -- chromium firefox webkit
failed=0
for engine; do
  echo "# $engine"
  for test in test/browser/*.test.ts; do
    BROWSERS=$engine TAP_TIMEOUT=400 node "dist/${test%.ts}.js" >".tap/browser-$engine.tap" || failed=1
    grep -E '^ *(not ok|# not in)|^ok' ".tap/browser-$engine.tap" || true
  done
done
exit "$failed"
