import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import t from 'tap'
import { needsInjection } from '../faults/inject.ts'
import { makeFifo } from '../fifos.ts'
import { needs } from '../programs.ts'
import { plainEnvironment } from '../streamserve.ts'

const LEAVE = new URL('../../src/system/leave.js', import.meta.url).href
const OUTPUT = new URL('../../src/system/output.js', import.meta.url).href
/** Maximum time until the exit, plus tolerance for a busy machine, in milliseconds. */
const ENDS_WITHIN_MS = 3_000

/** Exits with a code while a thread of libuv's pool waits for a FIFO that is never written. */
const SCRIPT = `
  import { readFile } from 'node:fs/promises'
  import { leave } from ${JSON.stringify(LEAVE)}
  const [fifo, code] = process.argv.slice(1)
  process.on('SIGTERM', () => {})
  process.on('exit', () => process.stdout.write('cleaned up'))
  if (fifo !== '') readFile(fifo)
  await leave(Number(code), { isTerminal: false, write() {}, flushed: () => new Promise(() => {}) })
`

async function endOf(fifo: string, code: number) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, fifo, String(code)], {
    env: plainEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const startedAt = performance.now()
  const giveUp = setTimeout(() => child.kill('SIGKILL'), 3 * ENDS_WITHIN_MS)
  let said = ''
  child.stdout.on('data', (text) => {
    said += text
  })
  const end = await once(child, 'close')
  clearTimeout(giveUp)
  return { end, said, isInTime: performance.now() - startedAt < ENDS_WITHIN_MS }
}

t.test('ends with its exit code when no thread hangs', async (t) => {
  for (const code of [0, 1]) {
    t.strictSame(await endOf('', code), { end: [code, null], said: 'cleaned up', isInTime: true })
  }
})

t.test('ends by a signal when a thread hangs in a system call', { skip: needs('mkfifo') }, async (t) => {
  const fifo = makeFifo(t.testdir())
  for (const [code, signal] of [
    [0, 'SIGTERM'],
    [1, 'SIGKILL'],
  ] as const) {
    t.strictSame(await endOf(fifo, code), { end: [null, signal], said: 'cleaned up', isInTime: true })
  }
})

t.test('ends with its exit code when the process gets no CPU for a while', async (t) => {
  const script = `
    import { stat } from 'node:fs'
    import { leave } from ${JSON.stringify(LEAVE)}
    stat('/', () => {})
    void leave(0, { isTerminal: false, write() {}, flushed: () => Promise.resolve() })
    // Both the operation and the first pause are over when the event loop turns again.
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000))
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: plainEnvironment(),
    stdio: 'inherit',
  })
  t.strictSame(await once(child, 'close'), [0, null])
})

t.test(
  'ends with its exit code when the log is on a disk that is slow to sync',
  { skip: needsInjection },
  async (t) => {
    const script = `
    import { leave } from ${JSON.stringify(LEAVE)}
    import { openOutput } from ${JSON.stringify(OUTPUT)}
    const output = openOutput()
    output.write('the last line')
    await leave(0, output)
  `
    const path = `${t.testdir()}/log`
    const log = openSync(path, 'w')
    const slow = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=?fsync', '-e', 'inject=?fsync:delay_enter=1500000']
    const child = spawn('strace', [...slow, process.execPath, '--input-type=module', '-e', script], {
      env: plainEnvironment(),
      stdio: ['ignore', log, 'inherit'],
    })
    closeSync(log)
    t.strictSame(await once(child, 'close'), [0, null])
    t.equal(readFileSync(path, 'utf8'), 'the last line')
  },
)
