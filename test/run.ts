/**
 * Runs every test and says as its last line how many checks passed and failed. Where CI is set, a skipped test is a failure:
 * there, everything that tests need has been installed.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'

const RESULTS = '.tap/results.tap'

/** What a run of tap came to. */
interface Counts {
  passed: number
  failed: number
  /** Name and reason of each. */
  skipped: string[]
}

/** Counts checks in TAP version 14. A subtest's closing line, which bears a time, only sums up those before it. */
function count(tap: string): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: [] }
  for (const line of tap.split('\n')) {
    const [, not, name = ''] = /^\s*(not )?ok \d+(?: - (.*))?$/.exec(line) ?? [undefined, undefined, undefined]
    if (!/^\s*(not )?ok \d+/.test(line) || / # time=/.test(line)) continue
    if (/# SKIP/i.test(name)) counts.skipped.push(name)
    else if (not === undefined) counts.passed++
    else counts.failed++
  }
  return counts
}

mkdirSync('.tap', { recursive: true })
rmSync(RESULTS, { force: true })
const tap = spawn('tap', ['--reporter=terse', `--output-file=${RESULTS}`, ...process.argv.slice(2)], {
  stdio: 'inherit',
})
const [code] = (await once(tap, 'close')) as [number | null]
const { passed, failed, skipped } = count(readFileSync(RESULTS, 'utf8'))
for (const name of skipped) console.log(`skipped: ${name}`)
const isForbidden = process.env['CI'] !== undefined && skipped.length > 0
if (isForbidden) console.log('nothing may be skipped here: test/setup.sh installs what tests need')
// A test file that broke outside of its checks is a failure too.
const broken = code !== 0 && failed === 0 ? 1 : 0
// tap leaves an escape sequence behind, and this line is for programs to read.
console.log(`\n${passed} passed, ${failed + broken} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`)
process.exitCode = code !== 0 || isForbidden ? 1 : 0
