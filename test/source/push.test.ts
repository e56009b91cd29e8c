import t from 'tap'
import { PushSource } from '../../src/source/push.ts'

const HEADER = Buffer.from('head')
const KIB = 1024

function ignore(): void {}

/** Reads one opening to its end. */
async function readAll(source: PushSource, signal = new AbortController().signal): Promise<string> {
  const { chunks } = await source.open(signal)
  let text = ''
  for await (const chunk of chunks) text += chunk.toString('latin1')
  return text
}

t.test('yields the header and all bytes of one feed in an opening', async (t) => {
  const source = new PushSource('a test')
  const reading = readAll(source)
  const feed = source.begin(HEADER, ignore)
  feed.push(Buffer.from(' one'))
  feed.push(Buffer.from(' two'))
  feed.end()
  feed.push(Buffer.from(' nothing more'))
  t.equal(await reading, 'head one two')
})

t.test('yields a later feed in the next opening, for any bytes read of the first', async (t) => {
  const source = new PushSource('a test')
  const first = source.begin(HEADER, ignore)
  first.push(Buffer.from(' one'))
  first.end()
  const second = source.begin(HEADER, ignore)
  second.push(Buffer.from(' two'))
  second.end()
  t.equal(await readAll(source), 'head one')
  t.equal(await readAll(source), 'head two')
})

t.test('a publisher that is faster than its reader has to wait, and nothing that it pushed is dropped', async (t) => {
  const source = new PushSource('a test')
  const calls = { drained: 0 }
  const feed = source.begin(HEADER, () => calls.drained++)
  const isTaken = Array.from({ length: 10 }, (_, i) => feed.push(Buffer.alloc(64 * KIB, i)))
  t.strictSame(isTaken, [...Array.from({ length: 7 }, () => true), false, false, false])
  const { chunks } = await source.open(new AbortController().signal)
  const reader = chunks[Symbol.asyncIterator]()
  const read: Buffer[] = []
  while (calls.drained === 0) read.push((await reader.next()).value)
  const readBytes = read.reduce((sum, chunk) => sum + chunk.length, 0)
  t.equal(readBytes, HEADER.length + 7 * 64 * KIB, 'until less than a half waits')
  t.equal(feed.push(Buffer.alloc(64 * KIB, 10)), true)
  feed.end()
  for (let next = await reader.next(); !next.done; next = await reader.next()) read.push(next.value)
  t.strictSame(
    read.slice(1).map((chunk) => [chunk.length, chunk[0]]),
    Array.from({ length: 11 }, (_, i) => [64 * KIB, i]),
  )
  t.equal(calls.drained, 1)
})

t.test('counts many small chunks by the memory that they take', async (t) => {
  const feed = new PushSource('a test').begin(HEADER, ignore)
  let pushed = 1
  while (feed.push(Buffer.alloc(2))) pushed++
  t.ok(pushed > 1_000 && pushed < 4_000, `${pushed}`)
})

t.test('a publisher that waits continues when its feed ends or is refused', async (t) => {
  const source = new PushSource('a test')
  const calls = { drained: 0 }
  const begin = () => {
    const feed = source.begin(HEADER, () => calls.drained++)
    t.equal(feed.push(Buffer.alloc(600 * KIB)), false)
    return feed
  }
  begin().end()
  t.equal(calls.drained, 1)
  await readAll(source)
  begin()
  const { chunks } = await source.open(new AbortController().signal)
  for await (const _ of chunks) break
  t.equal(calls.drained, 2)
})

t.test('keeps the last feeds of a publisher that reconnects while nothing is read', async (t) => {
  const source = new PushSource('a test')
  for (let i = 0; i < 20; i++) {
    const feed = source.begin(HEADER, ignore)
    feed.push(Buffer.from(` ${i}`))
    feed.end()
  }
  const read: string[] = []
  for (let i = 0; i < 5; i++) read.push(await readAll(source))
  t.strictSame(read, ['head 0', 'head 16', 'head 17', 'head 18', 'head 19'])
  t.equal((await source.open(new AbortController().signal)).waitsFor, 'publisher')
})

t.test('ends a waiting opening at an abort', async (t) => {
  const source = new PushSource('a test')
  const opening = new AbortController()
  const reading = readAll(source, opening.signal)
  source.begin(HEADER, ignore)
  opening.abort()
  t.match(await reading, /^(head)?$/)
})

t.test('drops the rest of a feed whose reader has refused it, and reads the next feed', async (t) => {
  const source = new PushSource('a test')
  const refused = source.begin(HEADER, ignore)
  const { chunks } = await source.open(new AbortController().signal)
  for await (const chunk of chunks) {
    t.equal(chunk.toString(), 'head')
    break
  }
  refused.push(Buffer.from(' no header before this'))
  const next = source.begin(HEADER, ignore)
  next.push(Buffer.from(' next'))
  next.end()
  t.equal(await readAll(source), 'head next')
})
