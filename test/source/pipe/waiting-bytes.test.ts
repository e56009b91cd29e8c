import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { readSingly } from '../../../src/source/pipe/read-singly.ts'
import { readableChunks } from '../../../src/source/pipe/readable-chunks.ts'
import { WaitingBytes } from '../../../src/source/pipe/waiting-bytes.ts'

/** Longer than a pause after which bytes are read at once, in milliseconds. */
const PAUSE_MS = 30
const STEPS = 12

/** A child that writes what it reads. */
function echo(test: Test) {
  const child = readSingly(() => spawn('cat', { stdio: ['pipe', 'pipe', 'inherit'] }))
  test.teardown(() => child.kill())
  return child
}

t.test('reads every byte once and in order, with and without pauses, to the end of a pipe', async (t) => {
  const { stdin, stdout } = echo(t)
  const waiting = new WaitingBytes(stdout)
  stdin.write('first ')
  const expected = ['first ']
  let text = ''
  let steps = 0
  for await (const chunk of readableChunks(stdout, new AbortController().signal, waiting)) {
    text += String(chunk)
    if (text !== expected.join('')) continue
    if (++steps > STEPS) stdin.end()
    else {
      expected.push(`${steps} `)
      stdin.write(`${steps} `)
    }
    if (steps % 3 !== 0) await sleep(PAUSE_MS)
  }
  t.equal(text, expected.join(''))
  t.ok(waiting.count > 0, 'some were read after a pause')
})

t.test('has no bytes of a pipe that is empty, has ended or is closed', async (t) => {
  const { stdin, stdout } = echo(t)
  const waiting = new WaitingBytes(stdout)
  t.equal(waiting.take(), undefined)
  stdin.end()
  await once(stdout.resume(), 'end')
  t.equal(waiting.take(), undefined)
  stdout.destroy()
  t.equal(waiting.take(), undefined)
})
