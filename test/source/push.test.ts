import t from 'tap'
import { type FeedOwner, PushSource } from '../../src/source/push.ts'

const KIB = 1024

/** The owner of a feed, which counts what it is notified of. */
function owner(name = 'a test'): FeedOwner & { drains: number; readonly ends: string[] } {
  return {
    peer: { kind: 'publisher', name },
    drains: 0,
    ends: [],
    drained() {
      this.drains++
    },
    ended(reason) {
      this.ends.push(reason)
    },
  }
}

/** Starts a feed with a first chunk. */
function begin(source: PushSource, by = owner()) {
  const feed = source.begin(by)
  feed.push(Buffer.from('head'))
  return feed
}

/** Reads one opening to its end. */
async function readAll(source: PushSource, signal = new AbortController().signal): Promise<string> {
  const { chunks } = await source.open(signal)
  let text = ''
  for await (const chunk of chunks) text += chunk.toString('latin1')
  return text
}

t.test('yields all bytes of one feed in an opening', async (t) => {
  const source = new PushSource('a test')
  const reading = readAll(source)
  const feed = begin(source)
  feed.push(Buffer.from(' one'))
  feed.push(Buffer.from(' two'))
  feed.end()
  feed.push(Buffer.from(' nothing more'))
  t.equal(await reading, 'head one two')
})

t.test('yields a later feed in the next opening, even before any bytes of the first are read', async (t) => {
  const source = new PushSource('a test')
  const first = begin(source)
  first.push(Buffer.from(' one'))
  first.end()
  const second = begin(source)
  second.push(Buffer.from(' two'))
  second.end()
  t.equal(await readAll(source), 'head one')
  t.equal(await readAll(source), 'head two')
})

t.test('passes over a feed that has ended without a byte', async (t) => {
  const source = new PushSource('a test')
  const reading = readAll(source)
  source.begin(owner()).end()
  begin(source).end()
  t.equal(await reading, 'head')
})

t.test('waits for a publisher until there are bytes', async (t) => {
  const source = new PushSource('a test')
  const { signal } = new AbortController()
  source.begin(owner())
  t.equal((await source.open(signal)).waitsFor, 'publisher')
  begin(source)
  t.equal((await source.open(signal)).waitsFor, 'publisher', 'the first feed still has none')
  const other = new PushSource('a test')
  begin(other)
  t.equal((await other.open(signal)).waitsFor, undefined)
})

t.test('names the publisher of the feed that is read', async (t) => {
  const source = new PushSource('a test')
  const connection = await source.open(new AbortController().signal)
  t.equal(connection.peer, undefined)
  begin(source, owner('one'))
  begin(source, owner('two'))
  t.equal(connection.peer?.name, 'one')
})

t.test('yields a title with the first chunk behind it, once', async (t) => {
  const source = new PushSource('a test')
  const feed = source.begin(owner())
  feed.setTitle('before the sound')
  feed.push(Buffer.from('one'))
  feed.push(Buffer.from('two'))
  feed.setTitle('replaced at once')
  feed.setTitle('third')
  feed.push(Buffer.from('three'))
  feed.end()
  const connection = await source.open(new AbortController().signal)
  const seen: unknown[] = []
  for await (const chunk of connection.chunks) {
    seen.push([chunk.toString(), connection.takeTitle?.(), connection.takeTitle?.()])
  }
  t.strictSame(seen, [
    ['one', 'before the sound', undefined],
    ['two', undefined, undefined],
    ['three', 'third', undefined],
  ])
})

t.test('a publisher that is faster than its reader has to wait, and nothing that it pushed is dropped', async (t) => {
  const source = new PushSource('a test')
  const publisher = owner()
  const feed = begin(source, publisher)
  const isTaken = Array.from({ length: 10 }, (_, i) => feed.push(Buffer.alloc(64 * KIB, i)))
  t.strictSame(isTaken, [...Array.from({ length: 7 }, () => true), false, false, false])
  const { chunks } = await source.open(new AbortController().signal)
  const reader = chunks[Symbol.asyncIterator]()
  const read: Buffer[] = []
  while (publisher.drains === 0) read.push((await reader.next()).value)
  const readBytes = read.reduce((sum, chunk) => sum + chunk.length, 0)
  t.equal(readBytes, 4 + 6 * 64 * KIB + 4 * KIB, 'until less than a half waits')
  t.equal(feed.push(Buffer.alloc(64 * KIB, 10)), true)
  feed.end()
  for (let next = await reader.next(); !next.done; next = await reader.next()) read.push(next.value)
  const pushed = Array.from({ length: 11 }, (_, i) => Buffer.alloc(64 * KIB, i))
  t.ok(Buffer.concat(read.slice(1)).equals(Buffer.concat(pushed)))
  t.ok(
    read.every((chunk) => chunk.length <= 4 * KIB),
    'in parts after each of which the lead of the publisher is checked',
  )
  t.equal(publisher.drains, 1)
})

t.test('counts many small chunks by the memory that they take', async (t) => {
  const feed = begin(new PushSource('a test'))
  let pushed = 1
  while (feed.push(Buffer.alloc(2))) pushed++
  t.ok(pushed > 1_000 && pushed < 4_000, `${pushed}`)
})

t.test('a publisher that waits continues when its feed ends or is refused', async (t) => {
  const source = new PushSource('a test')
  const publisher = owner()
  const fill = () => {
    const feed = begin(source, publisher)
    t.equal(feed.push(Buffer.alloc(600 * KIB)), false)
    return feed
  }
  fill().end()
  t.equal(publisher.drains, 1)
  await readAll(source)
  fill()
  const { chunks } = await source.open(new AbortController().signal)
  for await (const _ of chunks) break
  t.equal(publisher.drains, 2)
})

t.test('keeps the last feeds of a publisher that reconnects while nothing is read', async (t) => {
  const source = new PushSource('a test')
  for (let i = 0; i < 20; i++) {
    const feed = begin(source)
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
  begin(source)
  opening.abort()
  t.match(await reading, /^(head)?$/)
})

t.test('drops the rest of a feed that its reader has refused, and reads the next feed', async (t) => {
  const source = new PushSource('a test')
  const publisher = owner()
  const refused = begin(source, publisher)
  const connection = await source.open(new AbortController().signal)
  for await (const chunk of connection.chunks) {
    t.equal(chunk.toString(), 'head')
    break
  }
  connection.closed?.('not a format')
  t.strictSame(publisher.ends, ['not a format'], 'its owner is notified')
  refused.push(Buffer.from(' without a beginning'))
  const next = begin(source)
  next.push(Buffer.from(' next'))
  next.end()
  t.equal(await readAll(source), 'head next')
})

t.test('notifies the owners of feeds that are not read any more when the stream is closed', async (t) => {
  const source = new PushSource('a test')
  const [one, two, left] = [owner(), owner(), owner()]
  begin(source, one)
  begin(source, left).end()
  begin(source, two)
  const opening = new AbortController()
  const connection = await source.open(opening.signal)
  for await (const _ of connection.chunks) opening.abort('stream removed')
  connection.closed?.('stream removed')
  source.release()
  t.strictSame([one.ends, left.ends, two.ends], [['stream removed'], [], ['the stream is closed']])
})
