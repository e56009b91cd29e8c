import * as fc from 'fast-check'
import t from 'tap'
import { loadFilter } from '../../filters/load-filter.ts'
import { streamOptions } from '../../src/program/stream-options.ts'
import { RingMemory } from '../../src/ring/ring-memory.ts'
import { Stream } from '../../src/stream/stream.ts'
import { createCounts } from '../../src/threads/counts.ts'
import { Replica } from '../../src/threads/replica.ts'
import { createSharedSegments } from '../../src/threads/shared-segments.ts'
import { StreamExport } from '../../src/threads/stream-export.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'
import { streamPlan } from '../plans.ts'

const createRaw = await loadFilter('raw')

/** A stream, and a replica of it in the same thread, that gets the news of each chunk or does not. */
function pair(before: number) {
  const plan = streamPlan('-source-buffer', '50')
  const log = keepLog().logger
  const source = { label: 'none', open: () => Promise.reject(new Error('nothing to read')) }
  const clock = createManualClock()
  const stream = new Stream(plan, source, streamOptions(plan, createRaw, source), clock, log)
  let memory = new SharedArrayBuffer(0)
  const segments = createSharedSegments((newest) => {
    memory = newest
  })
  memory = segments.newest
  let isDeaf = false
  let pushed = 0
  const streamExport = new StreamExport(stream, 7, segments, clock)
  const push = (size: number) => {
    stream.ring.push({ bytes: Buffer.alloc(size, String(pushed++)), durationUs: pushed })
    streamExport.frameCame(size)
  }
  for (let i = 0; i < before; i++) push(10)
  const news = streamExport.add({
    take: (latest) => (isDeaf ? undefined : replica.take(latest, memory)),
    count: () => {},
  })
  const whole = { size: stream.ring.size, news, counts: createCounts() }
  const replica: Replica = new Replica(whole, memory, new RingMemory(), () => {}, log)
  return {
    stream,
    replica,
    clock,
    chunk: (sizes: readonly number[], deaf: boolean) => {
      isDeaf = deaf
      for (const size of sizes) push(size)
      streamExport.openingEnded()
    },
    live: (size: number) => {
      push(size)
      streamExport.chunkEnded()
    },
  }
}

t.test('has the same frames under the same numbers, for any missed frames', async (t) => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constant(400_000)), { maxLength: 30 })
  fc.assert(
    fc.property(fc.nat(120), fc.array(fc.tuple(sizes, fc.boolean()), { maxLength: 12 }), (before, chunks) => {
      const { stream, replica, chunk } = pair(before)
      for (const [frames, deaf] of chunks) chunk(frames, deaf)
      chunk([5], false)
      const { ring } = replica
      t.equal(ring.next, stream.ring.next)
      t.ok(ring.first >= stream.ring.first)
      for (let seq = ring.first; seq < ring.next; seq++) {
        const [own, copy] = [stream.ring.at(seq), ring.at(seq)]
        if (
          own === undefined ||
          copy === undefined ||
          !own.bytes.equals(copy.bytes) ||
          own.durationUs !== copy.durationUs
        )
          throw new Error(`frame ${seq} is another`)
      }
    }),
    { numRuns: 60 },
  )
})

t.test('has all frames of the ring when it has missed none', async (t) => {
  const { stream, replica, chunk } = pair(80)
  t.equal(replica.ring.first, stream.ring.first)
  for (let i = 0; i < 20; i++) chunk([3, 4, 5], false)
  t.equal(replica.ring.first, stream.ring.first)
  t.equal(replica.ring.next, 140)
})

t.test('has the properties of the stream', async (t) => {
  const { stream, replica, chunk } = pair(3)
  stream.setTitle('One')
  chunk([1], false)
  t.equal(replica.titles.at(3)?.text, 'One')
  t.equal(replica.titles.at(2), undefined)
  t.equal(replica.contentType, 'application/octet-stream')
})

t.test('forwards single frames at once, and collects quick ones for 5 ms', async (t) => {
  const { replica, clock, live } = pair(3)
  await clock.advance(100)
  live(1)
  t.equal(replica.ring.next, 4, 'at once')
  live(1)
  live(1)
  t.equal(replica.ring.next, 4, 'waits')
  await clock.advance(4.9)
  t.equal(replica.ring.next, 4)
  await clock.advance(0.2)
  t.equal(replica.ring.next, 6, 'both together')
  await clock.advance(5)
  live(1)
  t.equal(replica.ring.next, 7, 'at once again')
})
