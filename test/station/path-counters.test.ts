import t from 'tap'
import { PathCounters } from '../../src/station/path-counters.ts'
import type { Stream } from '../../src/stream/stream.ts'

t.test('a stream that replaces another one at its path continues its counters', async (t) => {
  const counters = new PathCounters({ streams: () => [{ path: '/one' }] as Stream[] })
  counters.of('/one').joins = 5
  t.equal(counters.of('/one').joins, 5)
  t.equal(counters.of('/two').joins, 0)
})

t.test('the counters of paths without a stream are removed when there are many', async (t) => {
  const counters = new PathCounters({ streams: () => [{ path: '/kept' }] as Stream[] })
  counters.of('/kept').joins = 5
  counters.of('/gone').joins = 5
  for (let i = 0; i < 1000; i++) counters.of(`/invented/${i}`)
  t.equal(counters.of('/kept').joins, 5)
  t.equal(counters.of('/gone').joins, 0)
})
