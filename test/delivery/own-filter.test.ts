import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { run, startServer } from '../streamserve.ts'
import { follow } from './follower.ts'
import { feed, visitOf } from './visits.ts'

/** @returns flags for a filter whose module has this text. */
function filterOf(t: Test, text: string): string[] {
  const path = join(t.testdir(), 'filter.mjs')
  writeFileSync(path, text)
  return ['-frame-filter', path]
}

/** Frames are lines of text. Listeners cannot join at a line that starts with a blank. */
const LINES = `
export function createFilter() {
  let rest = ''
  return {
    contentType: 'text/plain',
    skippedBytes: 0,
    push(chunk, emit) {
      const lines = (rest + chunk).split(/(?<=\\n)/)
      rest = lines.at(-1).endsWith('\\n') ? '' : lines.pop()
      for (const line of lines) emit({ bytes: Buffer.from(line), durationUs: 0 })
    },
    end() {},
    preamble(at, ring, joining) {
      if (ring.at(at).bytes[0] === 0x20) return null
      return Buffer.from(joining ? '(join)\\n' : '(skip)\\n')
    },
  }
}`

t.test('sends a preamble before the first frame of each listener, where one can start', async (t) => {
  const server = await startServer(t, filterOf(t, LINES), { stdin: 'pipe' })
  const first = listen(t, server.port)
  t.match(await first.headCame(), /^Content-Type: text\/plain$/m)
  feed(server, Buffer.from(' no beginning\none\n'))
  feed(server, Buffer.from('two\n and a half\n'))
  await first.bodyHas('(join)\none\ntwo\n and a half\n'.length)
  const second = listen(t, server.port)
  await second.headCame()
  feed(server, Buffer.from(' and more\nthree\n'))
  t.equal(String(await second.bodyHas('(join)\nthree\n'.length)), '(join)\nthree\n')
  const all = '(join)\none\ntwo\n and a half\n and more\nthree\n'
  t.equal(String(await first.bodyHas(all.length)), all)
  first.reset()
  t.match(await visitOf(server, first), { bytes: all.length - 7, frames: 5, skipped: 0 })
})

t.test('sends a preamble before the frame after a skip, and before no other', async (t) => {
  const server = await startServer(t, [...filterOf(t, LINES), '-source-buffer', '64'], { stdin: 'pipe' })
  // Of every four lines of 2 KiB, listeners can join at one only.
  const lines = Array.from({ length: 4096 }, (_, at) => `${at % 4 === 3 ? '' : ' '}${at}`.padEnd(2047, '.'))
  const sound = Buffer.from(`${lines.join('\n')}\n`)
  const prelude = Buffer.from('begin\n')
  const fast = await follow(t, server.port, Buffer.concat([Buffer.from('(join)\n'), prelude, sound]))
  const stalled = listen(t, server.port)
  await stalled.headCame()
  feed(server, prelude)
  await stalled.bodyHas(13)
  stalled.socket.pause()
  for (let at = 0; at < sound.length; at += 65_536) {
    feed(server, sound.subarray(at, at + 65_536))
    await fast.has(13 + at + 65_536)
  }
  stalled.socket.resume()
  let body = await stalled.bodyHas(1)
  while (!body.includes('\n4095.')) body = await stalled.bodyHas(body.length + 1)
  body = await stalled.bodyHas(body.indexOf('\n4095.') + 2049)
  const got = String(body).split('\n').slice(0, -1)
  t.strictSame(got.slice(0, 2), ['(join)', 'begin'])

  let last = -1
  let jumps = 0
  let wrong = 0
  for (let at = 2; at < got.length; at++) {
    const isSkip = got[at] === '(skip)'
    if (isSkip) at++
    const line = Number.parseInt(got[at] ?? '', 10)
    if (isSkip !== (line !== last + 1) || (isSkip && line % 4 !== 3) || got[at] !== lines[line]) wrong++
    if (isSkip) jumps++
    last = line
  }
  t.equal(wrong, 0)
  t.ok(jumps > 0, 'it was lapped')
  stalled.reset()
  const { frames, skipped } = await visitOf(server, stalled)
  t.equal(frames + skipped, 4097)
  t.equal(frames, got.length - 1 - jumps)
})

/** Checks a filter that fails with a source that begins with the same word each time. */
async function failsAgainAndAgain(t: Test, filter: string, cause: RegExp, body: string): Promise<void> {
  const script = "process.stdout.write('fine\\n', () => setTimeout(() => process.stdout.write('boom\\n'), 50))"
  const flags = [...filterOf(t, filter), '-exec', process.execPath, '-e', `${script}; setInterval(() => {}, 1e6)`]
  const server = await startServer(t, flags)
  const client = listen(t, server.port)
  const lines = await server.loggedTimes(/source closed/, 2)
  t.match(lines[0], cause)
  t.match(lines[1], cause)
  if (body !== '') t.equal(String(await client.bodyHas(body.length)), body)
  t.equal(server.count(/listener disconnected/), 0, 'the listener stays')
}

t.test('fails the source when its filter throws, and keeps the listeners', async (t) => {
  const filter = `export const createFilter = () => ({
    contentType: 'text/plain',
    skippedBytes: 0,
    push(chunk, emit) {
      if (chunk.includes('boom')) throw new Error('this is no music')
      emit({ bytes: chunk, durationUs: 0 })
    },
    end() {},
  })`
  await failsAgainAndAgain(t, filter, /reason="filter .*filter\.mjs: push: this is no music"/, 'fine\nfine\n')
})

t.test('fails the source when its filter emits empty frames', async (t) => {
  const filter = `export const createFilter = () => ({
    contentType: 'text/plain',
    skippedBytes: 0,
    push(chunk, emit) { emit({}) },
    end() {},
  })`
  await failsAgainAndAgain(t, filter, /reason=/, '')
})

t.test('refuses a filter of the wrong shape in one line', async (t) => {
  const flags = filterOf(t, "export const createFilter = () => ({ contentType: 'text/plain', skippedBytes: 0 })")
  const { code, stderr } = await run([...flags, '-exec', 'true'])
  t.equal(code, 2)
  t.match(stderr, /^streamserve: the filter \S+ must have push[^\n]*\n$/)
})

/** A valid filter with one member replaced. */
function filterWith(member: string): string {
  return `export const createFilter = () => ({
    contentType: 'text/plain',
    skippedBytes: 0,
    push(chunk, emit) { emit({ bytes: chunk, durationUs: 1000 }) },
    end() {},
    ${member}
  })`
}

const THROWS = "{ throw new Error('no idea') }"

for (const [what, member, message] of [
  ['push is asynchronous', `async push() ${THROWS},`, 'push: has returned a promise'],
  ['end throws', `end() ${THROWS},`, 'end: no idea'],
  ['a preamble throws', `preamble() ${THROWS},`, 'preamble: no idea'],
  ['the content type throws', `get contentType() ${THROWS},`, 'contentType: no idea'],
  ['the description throws', `get description() ${THROWS},`, 'description: no idea'],
  ['a frame is null', 'push(chunk, emit) { emit(null) },', 'emit: a frame is not an object'],
  [
    'a frame is emitted late',
    'push(chunk, emit) { setTimeout(() => emit({ bytes: chunk, durationUs: 0 })) },',
    'emit: called outside of push, flush, settle and end',
  ],
] as const) {
  t.test(`the source fails with the name of its filter when ${what}`, async (t) => {
    const script = "process.stdout.write('one\\n'); setTimeout(() => process.stdout.write('two\\n'), 100)"
    const flags = [...filterOf(t, filterWith(member)), '-exec', process.execPath, '-e', script]
    const server = await startServer(t, flags)
    const client = listen(t, server.port)
    // A preamble is requested in the opening that a listener joins.
    const line = await server.logged(/source closed/)
    t.match(line, new RegExp(`WARNING source closed .*reason="filter \\S*filter\\.mjs: ${message}"`))
    await server.loggedTimes(/source closed/, 2)
    t.equal(server.count(/listener disconnected/), 0, 'the listener stays')
    t.equal(client.socket.destroyed, false)
    server.child.kill()
    t.equal(await server.exited, 0)
  })
}

t.test('lets listeners wait for the source when the silence of its filter throws', async (t) => {
  const flags = [...filterOf(t, filterWith(`silence() ${THROWS},`)), '-fill', 'silence', '-exec', 'echo one; sleep 0.1']
  const server = await startServer(t, flags)
  const client = listen(t, server.port)
  t.match(await server.logged(/silence not available/), /reason="filter \S*filter\.mjs: silence: no idea"/)
  await server.loggedTimes(/source opened/, 3)
  await client.bodyHas(8)
  t.equal(server.count(/listener disconnected/), 0)
})

t.test('sends a frame without its preamble when the preamble throws, and logs the reason', async (t) => {
  const filter = LINES.replace('if (ring', "throw new Error('no idea'); if (ring")
  const server = await startServer(t, filterOf(t, filter), { stdin: 'pipe' })
  const client = listen(t, server.port)
  feed(server, Buffer.from('one\n'))
  t.equal(String(await client.bodyHas(4)), 'one\n')
  t.match(await server.logged(/ERROR/), /filter failed .*error="filter \S*filter\.mjs: preamble: no idea/)
})
