import t from 'tap'
import { createHub } from '../../src/hub/create-hub.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'
import { openEdge } from './edge.ts'
import { createMemoryHub } from './memory-link.ts'

t.test('an edge reports its listeners and what it hears, and is forgotten when it does not', async (t) => {
  const clock = createManualClock()
  const edge = openEdge(t, clock)
  const other = createHub(edge.room.connect(), {
    origin: 'monitor',
    clock,
    log: keepLog().logger,
    wallClock: () => 0,
  })
  edge.hub.countListeners(() => 120)
  await clock.advance(6_000)
  t.strictSame(other.edges(), [], 'a program that reads nothing is not an edge')
  edge.stream.start()
  edge.origin('studio', { epoch: '0000000000aa' })
  await clock.advance(10_000)
  const expected = [{ edge: 'edge', listeners: 120, hears: { radio: 'studio' } }]
  t.strictSame(other.edges(), expected)
  t.strictSame(edge.hub.edges(), expected, 'its own report, too')
  await edge.stream.stop('no listeners')
  await clock.advance(14_000)
  t.equal(other.edges().length, 1)
  await clock.advance(7_000)
  t.equal(other.edges().length, 0)
  await other.close()
})

t.test('reports may be anything', async (t) => {
  const clock = createManualClock()
  const room = createMemoryHub(clock)
  const hub = createHub(room.connect(), { origin: 'me', clock, log: keepLog().logger, wallClock: () => 0 })
  const hostile = room.connect()
  const wrong = [
    '',
    'x',
    '[]',
    'null',
    '{}',
    '{"listeners":-1,"hears":{}}',
    '{"listeners":1}',
    '{"listeners":1e99,"hears":{}}',
  ]
  for (const text of wrong) hostile.publish('ss.s.e', Buffer.from(text))
  hostile.publish('ss.s.%zz', Buffer.from('{"listeners":1,"hears":{}}'))
  hostile.publish('ss.s.long', Buffer.from(`{"listeners":1,"hears":{},"x":"${'x'.repeat(70_000)}"}`))
  await clock.advance(0)
  t.strictSame(hub.edges(), [])
  hostile.publish('ss.s.odd', Buffer.from('{"listeners":1,"hears":{"a\\nb":"c\\u0000d","n":7,"__proto__":"x"}}'))
  await clock.advance(0)
  t.equal(JSON.stringify(hub.edges()), '[{"edge":"odd","listeners":1,"hears":{"a b":"c d","__proto__":"x"}}]')
  for (let i = 0; i < 3_000; i++) hostile.publish(`ss.s.e${i}`, Buffer.from('{"listeners":1,"hears":null}'))
  for (let i = 0; i < 3_000; i++) hostile.publish(`ss.s.e${i}`, Buffer.from('{"listeners":1,"hears":{}}'))
  await clock.advance(0)
  t.equal(hub.edges().length, 1_024)
  await hub.close()
})
