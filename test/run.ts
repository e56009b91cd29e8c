/**
 * Runs every test, prints what failed and why, and ends with a line that counts passed and failed checks. Where CI is set, a
 * skipped test is a failure, because all programs that tests need are installed there.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { outcomeOf } from './outcome.ts'

const RESULTS = '.tap/results.tap'

/** Output of tap; empty when it ended before the first test did. */
function results(): string {
  try {
    return readFileSync(RESULTS, 'utf8')
  } catch (error) {
    console.log(`no results: ${(error as Error).message}`)
    return ''
  }
}

mkdirSync('.tap', { recursive: true })
rmSync(RESULTS, { force: true })
const tap = spawn('tap', ['--reporter=terse', `--output-file=${RESULTS}`, ...process.argv.slice(2)], {
  stdio: 'inherit',
})
const [code] = (await once(tap, 'close')) as [number | null]
const { passed, failed, skipped } = outcomeOf(results())
// tap leaves an escape sequence at the end, and with CI set its reporter does not print failures.
console.log('')
for (const { name, why } of failed) console.log(`failed: ${name}\n${why}`)
for (const name of skipped) console.log(`skipped: ${name}`)
const isForbidden = process.env['CI'] !== undefined && skipped.length > 0
if (isForbidden) console.log('nothing may be skipped here: test/setup.sh installs what tests need')
// tap may fail although all tests passed.
const broken = code !== 0 && failed.length === 0 ? 1 : 0
if (broken > 0) console.log(`failed: tap ended with ${code}`)
// A machine-readable line.
const skips = skipped.length > 0 ? `, ${skipped.length} skipped` : ''
console.log(`${passed} passed, ${failed.length + broken} failed${skips}`)
process.exitCode = code !== 0 || isForbidden ? 1 : 0
