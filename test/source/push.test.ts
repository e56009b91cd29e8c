import t from 'tap'
import { createPushSource, type PushSource } from '../../src/source/push.ts'

const HEADER = Buffer.from('head')

/** Reads one opening to its end. */
async function readAll(source: PushSource, signal = new AbortController().signal): Promise<string> {
  const { chunks } = await source.open(signal)
  let text = ''
  for await (const chunk of chunks) text += chunk.toString('latin1')
  return text
}

t.test('an opening is the header and all that one of them gives', async (t) => {
  const source = createPushSource('a test')
  const reading = readAll(source)
  const feed = source.begin(HEADER)
  feed.push(Buffer.from(' one'))
  feed.push(Buffer.from(' two'))
  feed.end()
  feed.push(Buffer.from(' nothing more'))
  t.equal(await reading, 'head one two')
})

t.test('who begins behind another is the next opening, however little of the first has been read', async (t) => {
  const source = createPushSource('a test')
  const first = source.begin(HEADER)
  first.push(Buffer.from(' one'))
  first.end()
  const second = source.begin(HEADER)
  second.push(Buffer.from(' two'))
  second.end()
  t.equal(await readAll(source), 'head one')
  t.equal(await readAll(source), 'head two')
})

t.test('what nobody reads is dropped from its oldest on, and counted; the header stays', async (t) => {
  const source = createPushSource('a test')
  const feed = source.begin(HEADER)
  for (let i = 0; i < 20; i++) feed.push(Buffer.alloc(64 * 1024, i))
  feed.end()
  t.equal(feed.droppedBytes, 12 * 64 * 1024)
  const text = await readAll(source)
  t.equal(text.length, HEADER.length + 8 * 64 * 1024)
  t.equal(text.slice(0, 4), 'head')
  t.equal(text.charCodeAt(4), 12)
})

t.test('an abort ends an opening that waits', async (t) => {
  const source = createPushSource('a test')
  const opening = new AbortController()
  const reading = readAll(source, opening.signal)
  source.begin(HEADER)
  opening.abort()
  t.match(await reading, /^(head)?$/)
})

t.test('drops the rest of a feed whose reader has refused it, and reads the next feed', async (t) => {
  const source = createPushSource('a test')
  const refused = source.begin(HEADER)
  const { chunks } = await source.open(new AbortController().signal)
  for await (const chunk of chunks) {
    t.equal(chunk.toString(), 'head')
    break
  }
  refused.push(Buffer.from(' no header before this'))
  const next = source.begin(HEADER)
  next.push(Buffer.from(' next'))
  next.end()
  t.equal(await readAll(source), 'head next')
})
