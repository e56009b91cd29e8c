/**
 * `npm run test:corpus -- FOLDER`: plays every sound file of a folder through a pipe and with -play, to a listener from the start
 * and two that join late, and reports what decoders find different from the original. Exits with 1 when something differs for
 * no reason that is known.
 */
import { readdirSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { checkFile, type Verdict } from './check-file.ts'

const USAGE = 'npm run test:corpus -- FOLDER [--kib 512] [--jobs N] [--seconds 120]'
/** Lines that follow the first reason, at most. */
const DETAILS = 4
/** Much of the time a file is waited for, not worked on. */
const JOBS_PER_CORE = 2

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kib: { type: 'string', default: '512' },
    jobs: { type: 'string', default: String(JOBS_PER_CORE * availableParallelism()) },
    seconds: { type: 'string', default: '120' },
  },
})
const [folder] = positionals
const [kib, jobs, seconds] = [values.kib, values.jobs, values.seconds].map(Number)
if (folder === undefined || positionals.length > 1 || !kib || !jobs || !seconds) {
  console.error(USAGE)
  process.exit(2)
}

const options = { bytes: kib * 1024, withinMs: seconds * 1000 }
const files = findFiles(folder)
const verdicts: Verdict[] = []
const waiting = files.values()
await Promise.all(
  Array.from({ length: jobs }, async () => {
    for (const file of waiting) {
      const verdict = await checkFile(file, options)
      verdicts.push(verdict)
      const [reason, ...more] = verdict.reasons
      if (reason === undefined) continue
      console.log(`${verdict.outcome.padEnd(10)} ${relative(folder, file) || file}: ${reason}`)
      for (const line of more.slice(0, DETAILS)) console.log(`${' '.repeat(11)}${line}`)
    }
  }),
)
const count = (outcome: Verdict['outcome']) => verdicts.filter((verdict) => verdict.outcome === outcome).length
const [same, explained, unplayable, differs] = (['same', 'explained', 'unplayable', 'differs'] as const).map(count)
console.log(`${files.length} files: ${same} same, ${explained} explained, ${unplayable} unplayable, ${differs} differ`)
if (differs !== 0 || files.length === 0) process.exitCode = 1

/** All files in a folder and below it, by name; of a file, itself. Without empty files, and those whose names begin with a dot. */
function findFiles(path: string): string[] {
  const found = statSync(path)
  if (found.isFile()) return found.size > 0 ? [path] : []
  if (!found.isDirectory()) return []
  const names = readdirSync(path).filter((name) => !name.startsWith('.'))
  return names.toSorted().flatMap((name) => findFiles(join(path, name)))
}
