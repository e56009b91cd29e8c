import t from 'tap'
import type { StreamPlan } from '../../src/plan/stream-plan.ts'
import { hubNames } from '../../src/program/hub-names.ts'
import { PushSource } from '../../src/source/push.ts'
import type { Source } from '../../src/source/source.ts'
import { StreamsBelow } from '../../src/station/streams-below.ts'
import type { Stream } from '../../src/stream/stream.ts'
import { createManualClock } from '../manual-clock.ts'
import { streamPlan } from '../plans.ts'

/** A hub whose announced names a test changes. */
function hubOf(...names: readonly string[]) {
  let announced = names
  const observers = new Set<() => void>()
  return {
    announced: () => announced.map((name) => ({ name, origins: ['studio'] })),
    onAnnounced(observer: () => void) {
      observers.add(observer)
      return () => void observers.delete(observer)
    },
    source: ({ name }: { readonly name: string }) => new PushSource(name),
    announce(...now: readonly string[]) {
      announced = now
      for (const observer of observers) observer()
    },
    observers,
  }
}

/** A stream of which a test knows whether it is open and wanted. */
function streamOf(plan: StreamPlan, source: Source) {
  const stream = {
    plan,
    path: plan.path,
    label: source.label,
    isFinished: false,
    isWanted: false,
    isStarted: false,
    start: () => void (stream.isStarted = true),
    stop: async () => void (stream.isStarted = false),
    finish: () => void (stream.isFinished = true),
    change: () => {},
  }
  return stream
}

function serve(hub: ReturnType<typeof hubOf>, path: string, warm = false) {
  const clock = createManualClock()
  const base = streamPlan('-demo')
  const plan = { ...base, path, supervision: { ...base.supervision, warm } }
  const create = (own: typeof plan, source: Source) => streamOf(own, source) as unknown as Stream
  const names = hubNames(hub as never, path.slice(0, -1), clock)
  return {
    clock,
    entry: new StreamsBelow(
      plan,
      names,
      create,
      (own) => own === '/configured',
      () => {},
      clock,
    ),
  }
}

t.test('each announced stream is at the path of its name', async (t) => {
  const { clock, entry } = serve(hubOf('radio.mp3', 'shows/late', 'Käse'), '/*')
  t.strictSame(await entry.paths(), ['/Käse', '/radio.mp3', '/shows/late'].toSorted())
  t.equal((await entry.find('/shows/late'))?.path, '/shows/late')
  const { sources } = (await entry.find('/radio.mp3'))?.plan ?? {}
  t.strictSame(sources, [{ kind: 'hub', name: 'radio.mp3', relay: undefined }], 'its plan says which it is')
  await clock.advance(3_000)
  t.equal(await entry.find('/shows'), undefined)
  t.equal(await entry.find('/'), undefined)
  const below = serve(hubOf('radio.mp3'), '/all/*').entry
  t.equal((await below.find('/all/radio.mp3'))?.path, '/all/radio.mp3')
  t.equal(await below.find('/radio.mp3'), undefined)
})

t.test('no origin can hide a page, or use a path that is not valid', async (t) => {
  const names = ['status', 'metrics', 'admin/stats', 'hls/live.m3u8', '../etc', 'a//b', 'a/', '/', 'a\nb', '.']
  const { entry } = serve(hubOf(...names, 'radio'), '/*')
  t.strictSame(await entry.paths(), ['/radio'])
  for (const name of names) t.equal(await entry.find(`/${name}`), undefined, JSON.stringify(name))
})

t.test('a stream that is not announced any more stays while it has listeners', async (t) => {
  const hub = hubOf('radio')
  const { clock, entry } = serve(hub, '/*')
  const stream = (await entry.find('/radio')) as unknown as ReturnType<typeof streamOf>
  t.equal(await entry.find('/radio'), stream as unknown as Stream, 'it is made once')
  stream.isWanted = true
  hub.announce()
  await clock.advance(6_000)
  t.equal(await entry.find('/radio'), stream as unknown as Stream)
  stream.isWanted = false
  await clock.advance(6_000)
  t.ok(stream.isFinished)
  t.equal(await entry.find('/radio'), undefined)
  t.strictSame([...entry.streams()], [])
})

t.test('a listener of an edge that has just started waits for the announcement', async (t) => {
  const hub = hubOf()
  const { clock, entry } = serve(hub, '/*')
  const finding = entry.find('/radio')
  const other = entry.find('/other')
  hub.announce('radio')
  t.equal((await finding)?.path, '/radio')
  await clock.advance(3_000)
  t.equal(await other, undefined, 'not for longer than origins need')
  t.equal(hub.observers.size, 1)
})

t.test('with warm, streams are opened when they are announced', async (t) => {
  const hub = hubOf()
  const { clock, entry } = serve(hub, '/*', true)
  t.strictSame([...entry.streams()], [])
  hub.announce('radio', 'two', 'configured')
  await clock.advance(1)
  const streams = [...entry.streams()] as unknown as ReturnType<typeof streamOf>[]
  t.strictSame(
    streams.map(({ path, isStarted }) => [path, isStarted]),
    [
      ['/radio', true],
      ['/two', true],
    ],
  )
  await entry.end('the test is over')
  t.equal(hub.observers.size, 0)
})
