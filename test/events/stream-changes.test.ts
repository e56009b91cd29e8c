import t from 'tap'
import { EVENT_TABLE } from '../../src/events/event-table.ts'
import { pageOf } from '../docs/pages.ts'
import { closed, connected, disconnected, keepEvents, onAir, opened } from './kept-events.ts'

t.test('reports a source as up with its first frame, and as down when it ends', async (t) => {
  const { clock, happens, kept } = keepEvents()
  happens(opened)
  t.strictSame(kept, [])
  happens(onAir)
  await clock.advance(1_500)
  happens(closed('exit code 1', 100))
  const common = { stream: '/radio', source: 'ffmpeg -i x' }
  t.match(kept, [
    { ...common, event: 'source-up', time: '2026-01-01T00:00:00.000Z', format: 'MP3, 44.1 kHz' },
    { ...common, event: 'source-down', time: '2026-01-01T00:00:01.500Z', reason: 'exit code 1', secondsUp: 1.5 },
  ])
})

t.test('hides passwords in the reason', async (t) => {
  const { happens, kept } = keepEvents()
  for (const event of [opened, onAir, closed('http://me:S3cret@radio.example/: password=S3cret')]) happens(event)
  t.match(kept[1], { reason: 'http://me:***@radio.example/: password=***' })
})

t.test('reports repeated failures of a source once', async (t) => {
  const { happens, names } = keepEvents()
  for (const event of [opened, onAir, closed('one', 100)]) happens(event)
  for (let i = 0; i < 10; i++) for (const event of [opened, closed('again', 200)]) happens(event)
  t.strictSame(names(), ['source-up', 'source-down'])
  for (const event of [opened, onAir]) happens(event)
  t.strictSame(names(), ['source-up', 'source-down', 'source-up'])
})

t.test('does not report the change from one file of a list to the next', async (t) => {
  const { clock, happens, kept, names } = keepEvents()
  for (const event of [opened, onAir]) happens(event)
  for (let i = 0; i < 10; i++) {
    happens(closed('end of input', 0))
    await clock.advance(50)
    for (const event of [opened, closed('no frames', 0), opened, onAir]) happens(event)
    await clock.advance(60_000)
  }
  t.strictSame(names(), ['source-up'])
  happens(closed('end of input'))
  t.match(kept[1], { event: 'source-down', reason: 'end of input', secondsUp: 600.5 })
})

t.test('reports a source that follows another one too late as down since the end of the other one', async (t) => {
  const { clock, happens, kept, names } = keepEvents()
  for (const event of [opened, onAir]) happens(event)
  await clock.advance(5_000)
  happens(closed('end of input', 0))
  await clock.advance(1_000)
  happens(closed('connection refused', 0))
  await clock.advance(900)
  t.strictSame(names(), ['source-up'])
  await clock.advance(100)
  t.match(kept[1], { event: 'source-down', reason: 'connection refused', secondsUp: 5 })
  for (const event of [opened, onAir]) happens(event)
  await clock.advance(60_000)
  t.strictSame(names(), ['source-up', 'source-down', 'source-up'])
})

t.test('reports a source as down when it waits for its next writer', async (t) => {
  const { happens, kept } = keepEvents()
  for (const event of [opened, onAir, closed('end of input', 0)]) happens(event)
  happens({ kind: 'source waiting', source: '/fifo', about: {}, waitsFor: 'writer', isFolded: false })
  t.match(kept[1], { event: 'source-down', reason: 'end of input' })
})

t.test('reports listeners, and the first and last of them', async (t) => {
  const { happens, kept } = keepEvents()
  happens(connected(1, 'anna'))
  happens(connected(2))
  happens(connected(3), '/other')
  happens(disconnected(1))
  happens(disconnected(2))
  const [stream, address] = ['/radio', '192.0.2.7']
  t.match(kept, [
    { event: 'listen', stream, listener: 1, address, user: 'anna', agent: 'VLC', listeners: 1 },
    { event: 'first-listener', stream },
    { event: 'listen', stream, listener: 2, address, user: null, agent: 'VLC', listeners: 2 },
    { event: 'listen', stream: '/other', listeners: 1 },
    { event: 'first-listener', stream: '/other' },
    {
      event: 'leave',
      stream,
      listener: 1,
      address,
      seconds: 61.235,
      bytes: 1_000,
      reason: 'disconnected',
      listeners: 1,
    },
    { event: 'leave', stream, listener: 2, listeners: 0 },
    { event: 'last-listener', stream },
  ])
})

t.test('reports the last listener when the delivery thread of all listeners has crashed', async (t) => {
  const { happens, names } = keepEvents()
  happens(connected(1))
  happens(connected(2))
  happens({ kind: 'listeners lost', thread: 1, count: 1 })
  t.notOk(names().includes('last-listener'))
  happens({ kind: 'listeners lost', thread: 1, count: 1 })
  t.equal(names().at(-1), 'last-listener')
})

t.test('reports publishers, titles and silence', async (t) => {
  const { happens, kept } = keepEvents()
  happens({ kind: 'publisher connected', client: '192.0.2.1:9', user: 'source', agent: undefined })
  happens({ kind: 'title changed', title: 'Ärger "im"\nWald' })
  happens({ kind: 'silence began', level: -72.349, ms: 10_000 })
  happens({ kind: 'silence ended', ms: 15_050 })
  t.match(kept, [
    { event: 'publish', client: '192.0.2.1:9', user: 'source', agent: null },
    { event: 'title', title: 'Ärger "im"\nWald' },
    { event: 'silence', level: -72.3, seconds: 10 },
    { event: 'sound', seconds: 15.05 },
  ])
})

t.test('keeps the last 100 events, whose ids increase also from run to run', async (t) => {
  const { log, happens, kept } = keepEvents()
  for (let i = 0; i < 150; i++) happens({ kind: 'title changed', title: String(i) })
  const titles = (id: unknown) => log.after(String(id)).map(({ fields }) => fields['title'])
  t.equal(titles('').length, 100)
  t.strictSame(titles(kept[147]?.['id']), ['148', '149'])
  t.strictSame(titles(kept[149]?.['id']), [])
  t.equal(titles(kept[3]?.['id']).length, 100, 'of an event that is not kept any more')
  t.equal(titles('rubbish').length, 100)
  const ids = kept.map(({ id }) => Number(id))
  t.ok(ids.every((id, at) => Number.isSafeInteger(id) && id > (ids[at - 1] ?? 0)))
  t.ok((ids[0] ?? 0) > Date.UTC(2025, 11, 31) * 1_000)
})

t.test('leaves addresses, users, agents and commands out of public events', async (t) => {
  const { log, happens } = keepEvents()
  for (const event of [connected(1, 'anna'), opened, onAir, closed('cat: /home/me/x'), disconnected(1)]) happens(event)
  const json = log.after('').map((event) => event.publicJson)
  t.notMatch(json.join(''), /192|anna|VLC|ffmpeg|home/)
  t.match(JSON.parse(json[0] ?? ''), { event: 'listen', listener: 1, listeners: 1 })
})

t.test('docs/events.md documents each event with its fields, and no other', async (t) => {
  const rows = [...pageOf('events').matchAll(/^\| `([a-z-]+)` +\| [^|]+ \| ([^|]*) \|$/gm)]
  const documented = rows.map(([, name, fields = '']) => [
    name,
    [...fields.matchAll(/`(\w+)`/g)].map(([, field]) => field),
  ])
  t.strictSame(
    documented,
    Object.entries(EVENT_TABLE).map(([name, fields]) => [name, Object.keys(fields)]),
  )
})
