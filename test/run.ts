/**
 * Runs every test, or the files of its arguments, prints what failed and why, and ends with a line that counts passed and failed
 * checks. Where CI is set, a skipped test is a failure, because all programs that tests need are installed there.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { outcomeOf } from './outcome.ts'
import { runFiles } from './run-files.ts'

/** Output of all files, kept for a reader. */
const RESULTS = '.tap/results.tap'
/** Number of files that are listed as the slowest. */
const SLOWEST = 20

function allFiles(): string[] {
  const names = readdirSync('dist/test', { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.test.js')).map((name) => join('dist/test', name))
}

const files = (process.argv.length > 2 ? process.argv.slice(2) : allFiles()).toSorted()
const runs = await runFiles(files, (file, { ok, seconds, stderr }) => {
  if (!ok) console.log(`failed after ${seconds.toFixed(1)} s: ${file}\n${stderr}`)
})

const all = ['TAP version 14', ...files.map((file) => runs.get(file)?.tap ?? ''), `1..${files.length}`, ''].join('\n')
mkdirSync('.tap', { recursive: true })
writeFileSync(RESULTS, all)
const { passed, failed, skipped } = outcomeOf(all)

for (const { name, why } of failed) console.log(`failed: ${name}\n${why}`)
for (const name of skipped) console.log(`skipped: ${name}`)
const isForbidden = process.env['CI'] !== undefined && skipped.length > 0
if (isForbidden) console.log('nothing may be skipped here: test/setup.sh installs what tests need')
const slowest = [...runs].toSorted(([, one], [, other]) => other.seconds - one.seconds).slice(0, SLOWEST)
for (const [file, { seconds }] of slowest) console.log(`${seconds.toFixed(1).padStart(6)} s  ${file}`)
// A machine-readable line.
const skips = skipped.length > 0 ? `, ${skipped.length} skipped` : ''
console.log(`${passed} passed, ${failed.length} failed${skips}`)
process.exitCode = failed.length > 0 || files.length === 0 || isForbidden ? 1 : 0
