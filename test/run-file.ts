/** Runs one file of tests in a process of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { Parser } from 'tap-parser'

/** Maximum time of a file, in milliseconds: tests that build packages have 15 minutes of their own. */
const LONGEST_MS = 960_000
/** Maximum time until the process has ended after its last check, in milliseconds. */
const ENDS_WITHIN_MS = 60_000
/** Time limit of tests that set none, in seconds. */
const TEST_SECONDS = '300'

export interface FileRun {
  /** Output of tap, as a subtest with the name of the file. */
  readonly tap: string
  readonly ok: boolean
  readonly seconds: number
  /** What the process has written to standard error. */
  readonly stderr: string
}

/**
 * Starts the file with Node.js alone. The command `tap` starts it with hooks for coverage and for mocks, neither of which is used
 * here: they take 0.7 s of the CPU time for each of 500 files.
 */
export async function runFile(path: string): Promise<FileRun> {
  const began = performance.now()
  const env = { TAP_TIMEOUT: TEST_SECONDS, ...process.env }
  const child = spawn(process.execPath, ['--enable-source-maps', path], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS)
  child.stdout.on('data', (bytes: Buffer) => {
    // tap writes the total time last. A handle that a test has left open keeps the process.
    if (!/^# time=/m.test(bytes.toString('latin1'))) return
    clearTimeout(timer)
    timer = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS)
  })
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, string | null]>,
  ])
  clearTimeout(timer)
  const seconds = (performance.now() - began) / 1000
  const parser = new Parser()
  parser.end(stdout)
  const { results } = parser
  const ok = code === 0 && results !== null && results.ok && results.count > 0
  return { tap: asSubtest(path, stdout, ok, code, signal), ok, seconds, stderr }
}

function asSubtest(name: string, output: string, ok: boolean, code: number | null, signal: string | null): string {
  const lines = [`# Subtest: ${name}`, ...output.split('\n').map((line) => (line === '' ? '' : `    ${line}`))]
  if (ok) lines.push(`ok - ${name}`)
  else lines.push(`not ok - ${name}`, '  ---', `  exitCode: ${code}`, `  signal: ${signal}`, '  ...')
  return lines.join('\n')
}
