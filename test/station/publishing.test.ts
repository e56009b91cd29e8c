import t, { type Test } from 'tap'
import { parsePcmFormat } from '../../filters/pcm-format.ts'
import { endlessWavHeader } from '../../filters/wav/header.ts'
import { createWav } from '../../filters/wav/wav.ts'
import type { StreamPlan } from '../../src/plan/stream-plan.ts'
import { InnerListeners } from '../../src/program/inner-listeners.ts'
import { createStream } from '../../src/program/open-entry.ts'
import { openPublished } from '../../src/program/open-published.ts'
import { RingMemory } from '../../src/ring/ring-memory.ts'
import { PushSource } from '../../src/source/push.ts'
import { PathCounters } from '../../src/station/path-counters.ts'
import type { Publication, Publisher, PublishPoint } from '../../src/station/publishing.ts'
import { entryOf } from '../../src/station/single-stream.ts'
import { Registry } from '../../src/station/station.ts'
import type { Stream } from '../../src/stream/stream.ts'
import type { EventOfStream, StreamEvent } from '../../src/stream/stream-event.ts'
import { Emitter } from '../../src/system/emitter.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'
import { programPlan, streamPlan } from '../plans.ts'

const HEADER = endlessWavHeader(parsePcmFormat('s16le:48000:1'))
/** 0.1 s of sound. */
const SOUND = Buffer.alloc(9_600, 1)
const LINGER_MS = 600_000
const RULES = {
  user: 'source',
  password: 'hackme',
  usersFile: undefined,
  url: undefined,
  anybody: false,
  timeoutMs: 10_000,
  lingerMs: LINGER_MS,
}

/** A publisher that remembers what it is notified of. */
function publisher(identity: string): Publisher & { readonly ends: string[] } {
  const peer = { kind: 'publisher', name: `${identity}:1`, user: 'source', agent: 'a test' } as const
  const ends: string[] = []
  return { identity, peer, ends, ended: (reason) => ends.push(reason), drained() {} }
}

interface Wildcards {
  /** Plans of wildcards; undefined: those of `-talk`. */
  readonly published?: readonly StreamPlan[]
  readonly talk?: boolean
}

async function open(t: Test, { published, talk = true }: Wildcards = {}) {
  const clock = createManualClock()
  const log = keepLog()
  const station = new Registry()
  const inner = new InnerListeners(station, 0, clock)
  const parts = {
    memory: new RingMemory(),
    clock,
    log: log.logger,
    inner,
    events: new Emitter<EventOfStream>(),
    counters: new PathCounters(station),
    recordings: { look() {} },
    hub: undefined,
  }
  station.set(entryOf({ path: '/taken', plan: { ...streamPlan('-demo'), path: '/taken' } } as Stream))
  const plan = programPlan('-talk')
  const current = { plan: { ...plan, pages: { ...plan.pages, talk }, published: published ?? plan.published } }
  const { publishing } = await openPublished(station, () => current.plan, parts)
  t.teardown(() => Promise.all(Array.from(publishing.streams(), (stream) => stream.stop('the test is over'))))
  /** Adds a configured stream with publishers. */
  const configure = (path: string) => {
    const base = streamPlan('-demo')
    const sources = [{ kind: 'publish' }] as const
    const own: StreamPlan = { ...base, path, sources, publish: RULES, ingest: { ...base.ingest, samples: undefined } }
    const stream = createStream(own, createWav, new PushSource('publishers'), parts)
    t.teardown(() => stream.stop('the test is over'))
    station.set(entryOf(stream))
    return stream
  }
  const publish = async (path: string, by: Publisher) => {
    const point = await publishing.at(path)
    return typeof point === 'string' ? point : point.publish(by)
  }
  return { clock, log, publishing, station, current, configure, publish }
}

/** Returns the plan of a wildcard with publishers. */
function wildcard(path: string, rules: Partial<typeof RULES> = {}): StreamPlan {
  const [plan] = programPlan('-talk').published
  if (plan === undefined) throw new Error('no plan of published streams')
  return { ...plan, path, publish: { ...RULES, ...rules } }
}

t.test('adds a stream with its first publisher, beside the others', async (t) => {
  const { publish, station } = await open(t)
  t.equal(await station.find('/kitchen'), undefined)
  const publication = (await publish('/kitchen', publisher('somebody'))) as Publication
  t.equal(await station.find('/kitchen'), publication.stream)
  t.strictSame(
    Array.from(station.streams(), ({ path }) => path),
    ['/taken', '/kitchen'],
  )
})

t.test('accepts one publisher at a time, but replaces the connection of the same one', async (t) => {
  const { publish } = await open(t)
  const [one, again, other] = [publisher('one'), publisher('one'), publisher('other')]
  const first = (await publish('/kitchen', one)) as Publication
  t.equal(await publish('/kitchen', other), 'another publisher is on air')
  const second = (await publish('/kitchen', again)) as Publication
  t.strictSame([one.ends, again.ends], [['replaced by a newer connection'], []])
  // The late close of the first connection does not affect the second.
  first.leave()
  t.equal(await publish('/kitchen', other), 'another publisher is on air')
  second.leave()
  t.type(await publish('/kitchen', other), 'object')
})

t.test('a publisher that has sent nothing for 5 s is replaced by another one', async (t) => {
  const { publish, clock, configure } = await open(t)
  configure('/dj')
  const one = publisher('one')
  const first = (await publish('/dj', one)) as Publication
  await clock.advance(4_000)
  first.push(HEADER)
  await clock.advance(4_999)
  t.equal(await publish('/dj', publisher('other')), 'another publisher is on air')
  await clock.advance(1)
  t.type(await publish('/dj', publisher('other')), 'object')
  t.strictSame(one.ends, ['replaced by a newer connection'])
})

t.test('a publisher is slowed down 10 s ahead of real time, and does not count as quiet then', async (t) => {
  const { publish, clock, configure } = await open(t)
  const stream = configure('/dj')
  const one = publisher('one')
  const first = (await publish('/dj', one)) as Publication
  first.push(HEADER)
  // 12 s of sound at once: 10 s are read, and the rest waits for longer than a second.
  let isTaken = true
  for (let i = 0; i < 180; i++) isTaken = first.push(SOUND)
  t.equal(isTaken, false)
  await clock.advance(1)
  const lead = stream.counters.bytesIn
  t.ok(lead >= 10 * 96_000 && lead < 10.2 * 96_000, `${lead} bytes are read at once`)
  await clock.advance(1_000)
  const read = stream.counters.bytesIn - lead
  t.ok(read > 0.8 * 96_000 && read < 1.2 * 96_000, `${read} bytes within a second`)
  t.equal(await publish('/dj', publisher('other')), 'another publisher is on air')
  t.strictSame(one.ends, [])
})

t.test('reads what waits of a replaced publisher, then the newer one', async (t) => {
  const { publish, clock, configure } = await open(t)
  const stream = configure('/dj')
  const first = (await publish('/dj', publisher('one'))) as Publication
  first.push(HEADER)
  first.push(SOUND)
  const second = (await publish('/dj', publisher('one'))) as Publication
  second.push(HEADER)
  second.push(SOUND)
  await clock.advance(1)
  t.equal(stream.counters.bytesIn, 2 * (HEADER.length + SOUND.length))
  t.equal(stream.sourceState.kind, 'open')
})

t.test('one of two publishers that race for a path is on air', async (t) => {
  const { publish, publishing } = await open(t)
  const answers = await Promise.all([publish('/kitchen', publisher('one')), publish('/kitchen', publisher('other'))])
  t.equal(typeof answers[0], 'object')
  t.equal(answers[1], 'another publisher is on air')
  t.equal([...publishing.streams()].length, 1)
  t.equal(((await publishing.at('/kitchen')) as PublishPoint).publication, answers[0])
})

t.test('disconnects a publisher that sends nothing for its timeout, once', async (t) => {
  const { publish, clock, configure, publishing } = await open(t)
  configure('/dj')
  const one = publisher('one')
  const publication = (await publish('/dj', one)) as Publication
  await clock.advance(9_000)
  publication.push(HEADER)
  await clock.advance(9_999)
  t.strictSame(one.ends, [])
  await clock.advance(1)
  t.strictSame(one.ends, ['no bytes for 10s'])
  t.equal(publishing.points()[0]?.publication, undefined)
  publication.leave()
  await clock.advance(60_000)
  t.equal(one.ends.length, 1)
})

t.test('disconnects a publisher whose bytes are refused, with the reason', async (t) => {
  const { publish, clock, configure } = await open(t)
  const stream = configure('/dj')
  const one = publisher('one')
  const publication = (await publish('/dj', one)) as Publication
  publication.push(Buffer.alloc(100_000, 'this is not WAV'))
  await clock.advance(1)
  t.equal(one.ends.length, 1)
  t.equal(one.ends[0], stream.sourceState.lastEnd?.why)
})

t.test('disconnects its publisher when a configured stream is removed', async (t) => {
  const { publish, clock, configure, station } = await open(t)
  configure('/dj')
  const [one, waiting] = [publisher('one'), publisher('waiting')]
  const publication = (await publish('/dj', one)) as Publication
  publication.push(HEADER)
  await clock.advance(1)
  await station.remove('/dj')?.end('stream removed from the configuration')
  t.strictSame(one.ends, ['stream removed from the configuration'])
  configure('/dj')
  await publish('/dj', waiting)
  await station.remove('/dj')?.end('stream removed from the configuration')
  t.strictSame(waiting.ends, ['the stream is closed'], 'one that has sent nothing, too')
})

t.test('refuses paths of other streams and of pages, and those that are not valid', async (t) => {
  const { publishing, configure } = await open(t)
  configure('/dj')
  t.equal(await publishing.at('/taken'), 'this stream has a source of its own')
  for (const path of [
    '/status',
    '/status.json',
    '/status-json.xsl',
    '/live/x',
    '/admin/metadata',
    '/admin.cgi',
    '/metrics',
  ]) {
    t.equal(await publishing.at(path), 'a page has this path', path)
  }
  t.type(await publishing.at('/statuses'), 'object')
  const tooLong = `/${'x'.repeat(1024)}`
  for (const path of ['/a/', '/a//b', '/..', '/a/./b', '/a\nb', '/a\0', '/\udc80', '*', tooLong]) {
    t.equal(await publishing.at(path), 'the path is not valid', JSON.stringify(path).slice(0, 20))
  }
  t.type(await publishing.at(`/${'x'.repeat(1023)}`), 'object')
  t.type(await publishing.at('/a/b/ü.mp3'), 'object')
  t.equal(await publishing.at('/'), 'there is no stream to publish at this path')
})

t.test('a program publishes below a wildcard with rules, at any depth; the longest wildcard counts', async (t) => {
  const published = [wildcard('/guests/vip/*', { user: 'vip' }), wildcard('/guests/*')]
  const { publishing, publish } = await open(t, { published, talk: false })
  const userOf = async (path: string) => ((await publishing.at(path)) as PublishPoint).rules?.user
  t.equal(await userOf('/guests/anna'), 'source')
  t.equal(await userOf('/guests/anna/b/c.mp3'), 'source')
  t.equal(await userOf('/guests/vip/anna'), 'vip')
  t.equal(await publishing.at('/other'), 'there is no stream to publish at this path')
  t.equal(await publishing.at('/guests'), 'there is no stream to publish at this path')
  t.type(await publish('/guests/anna', publisher('one')), 'object')
})

t.test('only browsers publish below a wildcard without rules, if they may', async (t) => {
  const browsers = await open(t)
  t.equal(((await browsers.publishing.at('/kitchen')) as PublishPoint).rules, undefined)
  const none = await open(t, { talk: false })
  t.equal(await none.publishing.at('/kitchen'), 'there is no stream to publish at this path')
})

t.test('uses the rules of a plan that has changed', async (t) => {
  const { publish, publishing, current, clock } = await open(t, { published: [wildcard('/x/*')] })
  const first = (await publish('/x/a', publisher('one'))) as Publication
  current.plan = { ...current.plan, published: [wildcard('/x/*', { user: 'new', lingerMs: 1_000 })] }
  publishing.renew()
  t.equal(((await publishing.at('/x/a')) as PublishPoint).rules?.user, 'new')
  first.leave()
  await clock.advance(1_001)
  t.ok(first.stream.isFinished)
})

t.test('refuses too many published streams, unless one of them is idle', async (t) => {
  const { publish, clock, station } = await open(t)
  const publications: Publication[] = []
  for (let i = 0; i < 1_000; i++) publications.push((await publish(`/${i}`, publisher('somebody'))) as Publication)
  t.equal(await publish('/one-more', publisher('somebody')), 'too many streams are published')
  publications[7]?.leave()
  await clock.advance(1)
  publications[3]?.leave()
  publications[9]?.stream.listenerCame()
  publications[9]?.leave()
  t.type(await publish('/one-more', publisher('somebody')), 'object', 'once one is idle')
  t.equal(await station.find('/7'), undefined, 'the first one')
  t.type(await publish('/another', publisher('somebody')), 'object')
  t.equal(await station.find('/3'), undefined)
  t.equal(await publish('/a-third', publisher('somebody')), 'too many streams are published', 'listeners stay')
})

t.test('keeps a stream for ten minutes after its last publisher and its last listener', async (t) => {
  const { clock, publish, station } = await open(t)
  const publication = (await publish('/kitchen', publisher('somebody'))) as Publication
  const { stream } = publication
  stream.listenerCame()
  publication.leave()
  await clock.advance(1.5 * LINGER_MS)
  t.equal(await station.find('/kitchen'), stream)
  stream.listenerLeft()
  stream.events.emit({ kind: 'listener disconnected' } as StreamEvent)
  await clock.advance(LINGER_MS - 1)
  t.equal(await station.find('/kitchen'), stream)
  await clock.advance(1)
  t.equal(await station.find('/kitchen'), undefined)
  t.ok(stream.isFinished)
})

t.test('continues the same stream for a publisher that returns in time', async (t) => {
  const { clock, publish, station } = await open(t)
  const first = (await publish('/kitchen', publisher('somebody'))) as Publication
  first.leave()
  await clock.advance(LINGER_MS - 1)
  const second = (await publish('/kitchen', publisher('somebody else'))) as Publication
  t.equal(second.stream, first.stream)
  await clock.advance(2 * LINGER_MS)
  t.equal(await station.find('/kitchen'), first.stream)
  second.leave()
  await clock.advance(LINGER_MS)
  t.equal(await station.find('/kitchen'), undefined)
})

t.test('a title is that of its publisher, who keeps it when the connection breaks', async (t) => {
  const { publish, clock, configure } = await open(t)
  const stream = configure('/dj')
  const begin = async (identity: string, title: string | undefined) => {
    const publication = (await publish('/dj', publisher(identity))) as Publication
    if (title !== undefined) publication.setTitle(title)
    publication.push(HEADER)
    publication.push(SOUND)
    await clock.advance(1)
    return publication
  }
  const first = await begin('one', 'A song')
  t.equal(stream.titles.newest?.text, 'A song')
  first.leave()
  const second = await begin('one', undefined)
  t.equal(stream.titles.newest?.text, 'A song')
  second.leave()
  await begin('other', undefined)
  t.equal(stream.titles.newest?.text, '')
})

t.test('logs when a publisher connects and disconnects, and why', async (t) => {
  const { publish, log, configure } = await open(t)
  configure('/dj')
  await publish('/dj', publisher('one'))
  const second = (await publish('/dj', publisher('one'))) as Publication
  second.leave('malformed chunk')
  const about = { stream: '/dj', client: 'one:1', user: 'source', agent: 'a test' }
  t.match(
    log.records
      .filter(({ message }) => message.join('').startsWith('publisher'))
      .map(({ message, properties }) => [message.join(''), properties]),
    [
      ['publisher connected', about],
      ['publisher disconnected', { ...about, reason: 'replaced by a newer connection' }],
      ['publisher connected', about],
      ['publisher disconnected', { ...about, reason: 'malformed chunk' }],
    ],
  )
})
