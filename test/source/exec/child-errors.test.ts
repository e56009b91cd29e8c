import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import t from 'tap'
import { logChildErrors } from '../../../src/source/exec/child-errors.ts'
import { keepLog } from '../../kept-log.ts'
import { createManualClock } from '../../manual-clock.ts'

function listenToChild() {
  const stderr = new PassThrough()
  const clock = createManualClock()
  const log = keepLog()
  const kept: string[] = []
  logChildErrors(stderr, log.logger, 'info', clock, (line) => kept.push(line))
  return {
    clock,
    kept,
    log,
    stderr,
    write: (text: string | Buffer) => void stderr.write(text),
    async end() {
      stderr.end()
      while (!stderr.closed) await clock.advance(50)
    },
    /** Lines of a level, including the report of suppressed lines. */
    lines: (level: string) =>
      log.records
        .filter((record) => record.level === level)
        .map(({ properties }) => properties['line'] ?? properties['lines']),
  }
}

t.test('logs each line by itself, in any chunks, without empty lines', async (t) => {
  const child = listenToChild()
  for (const piece of ['one\ntw', 'o\n\n', '   \n', 'thr', 'ee']) child.write(piece)
  await child.end()
  t.strictSame(child.lines('info'), ['one', 'two', 'three'])
})

t.test('logs the same lines for any chunks of any text', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '€', '𝄞', ' ') }), { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (lines, cuts) => {
        const child = listenToChild()
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const cut = cuts[i % cuts.length] ?? 1
          child.write(bytes.subarray(at, at + cut))
          at += cut
        }
        await child.end()
        const wanted = lines.map((line) => line.trimEnd()).filter((line) => line !== '')
        return JSON.stringify(child.lines('info')) === JSON.stringify(wanted)
      },
    ),
    { numRuns: 50 },
  )
  t.pass('the same lines')
})

t.test('logs a progress display that overwrites itself at level debug', async (t) => {
  const child = listenToChild()
  child.write('10 %\r20 %\r30 %\rdone\n')
  await child.end()
  t.strictSame(child.lines('info'), ['done'])
  t.strictSame(child.lines('debug'), ['10 %', '20 %', '30 %'])
})

t.test('accepts lines that end in CR LF', async (t) => {
  const child = listenToChild()
  child.write('one\r\ntwo\r\n')
  await child.end()
  t.strictSame(child.lines('info'), ['one', 'two'])
})

t.test('logs an endless line in pieces of limited size', async (t) => {
  const child = listenToChild()
  child.write('x'.repeat(5_000))
  child.write(`${'y'.repeat(2_500)}\n`)
  await child.end()
  const lines = child.lines('info').map(String)
  t.equal(lines.join(''), 'x'.repeat(5_000) + 'y'.repeat(2_500))
  t.ok(
    lines.every(({ length }) => length <= 1_000),
    lines.map(({ length }) => length).join(', '),
  )
})

t.test('limits the lines of a child that floods, and logs the number of dropped lines', async (t) => {
  const child = listenToChild()
  for (let i = 0; i < 10_000; i++) child.write(`line ${i}\n`)
  await child.clock.advance(0)
  t.equal(child.lines('info').length, 50)
  await child.clock.advance(1_000)
  for (let i = 0; i < 1_000; i++) child.write(`later ${i}\n`)
  await child.end()
  t.equal(child.lines('info').length, 52)
  const leftOut = child.lines('warning').map(Number)
  t.equal(leftOut.length, 2)
  t.equal((leftOut[0] ?? 0) + (leftOut[1] ?? 0), 9_950 + 998)
})

t.test('keeps the last lines of a flood, and counts its bytes', async (t) => {
  const child = listenToChild()
  const text = Array.from({ length: 30_000 }, (_, i) => `line ${i}\n`).join('')
  child.write(text)
  await child.end()
  t.equal(child.kept.at(-1), 'line 29999')
  t.equal(child.kept.at(-20), 'line 29980')
  const leftOut = child.log.records.filter(({ level }) => level === 'warning')
  const sum = (name: string) => leftOut.reduce((total, { properties }) => total + Number(properties[name]), 0)
  t.equal(sum('lines') + child.lines('info').length, 30_000)
  const logged = child.lines('info').reduce<number>((total, line) => total + String(line).length + 1, 0)
  t.ok(Math.abs(sum('bytes') + logged - text.length) < 10, 'but for line ends')
})

t.test('reads in bulk, at most twenty times a second', async (t) => {
  const child = listenToChild()
  let reads = 0
  const read = child.stderr.read.bind(child.stderr)
  child.stderr.read = (...size) => {
    const chunk: unknown = read(...size)
    if (chunk !== null) reads++
    return chunk
  }
  for (let at = 0; at < 1_000; at++) {
    child.write('.')
    await child.clock.advance(1)
  }
  t.ok(reads <= 21, `${reads} reads`)
  await child.end()
})
