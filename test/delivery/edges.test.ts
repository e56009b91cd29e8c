import t from 'tap'
import { createAacAdts } from '../../filters/aac/adts.ts'
import { createDeliveries } from '../../src/delivery/deliveries.ts'
import type { Sink, SinkOwner } from '../../src/delivery/listener.ts'
import { createReports } from '../../src/endpoints/player/player-report.ts'
import { RingMemory } from '../../src/ring/ring-memory.ts'
import type { ServedStream } from '../../src/stream/served-stream.ts'
import type { Stream } from '../../src/stream/stream.ts'
import { createCounts } from '../../src/threads/counts.ts'
import { joinPointOf } from '../../src/threads/join-point-of.ts'
import type { Report } from '../../src/threads/messages.ts'
import { Replica } from '../../src/threads/replica.ts'
import { createSharedSegments } from '../../src/threads/shared-segments.ts'
import { StreamExport } from '../../src/threads/stream-export.ts'
import { adtsFrames } from '../filters/made-up.ts'
import { openOrigin } from '../hls/origin-and-edges.ts'
import { keepLog } from '../kept-log.ts'
import type { ManualClock } from '../manual-clock.ts'

/** A client that keeps what it receives. */
class BytesClient implements Sink {
  owner: SinkOwner | undefined
  bytes = Buffer.alloc(0)

  write(bytes: Buffer, before: Buffer): boolean {
    this.bytes = Buffer.concat([this.bytes, before, bytes])
    return true
  }

  end(): void {}

  refuse(): void {}
}

const frames = adtsFrames(400, 1)
const ahead = { maxDelayMs: 0, burstMs: undefined, clientMaxBytes: 0, clientTimeoutMs: 0 }

/** Returns the number of the first frame that a listener receives; undefined: none. */
function firstFrame(stream: ServedStream, clock: ManualClock, frame: number): number | undefined {
  const client = new BytesClient()
  createDeliveries(2 ** 26, clock, () => ahead)(stream).join(client, { frame })
  const at = frames.findIndex((bytes) => client.bytes.subarray(0, bytes.length).equals(bytes))
  return at < 0 ? undefined : at
}

/** Returns the stream as another thread has it. */
function inOtherThread(stream: Stream, clock: ManualClock): Replica {
  const segments = createSharedSegments(() => {})
  const news = new StreamExport(stream, 1, segments, clock).add({ take() {}, count() {} })
  const whole = { size: stream.ring.size, news, counts: createCounts() }
  const post = (report: Report) => {
    const joinPoint = report.kind === 'join' ? joinPointOf(stream, report.request) : undefined
    if (joinPoint !== undefined) replica.begin(joinPoint)
  }
  const replica: Replica = new Replica(whole, segments.newest, new RingMemory(), post, keepLog().logger)
  return replica
}

t.test('a frame has one number at an origin and at edges that have begun at different times', async (t) => {
  const origin = openOrigin(t, createAacAdts)
  const { clock } = origin
  const first = await origin.openEdge()
  await origin.play(Buffer.concat(frames.slice(0, 100)), 1500, 100)
  const second = await origin.openEdge()
  await origin.play(Buffer.concat(frames.slice(100, 200)), 1500, 100)
  const third = await origin.openEdge()
  await origin.play(Buffer.concat(frames.slice(200)), 1500, 100)
  t.not(first.stream.ring.next, second.stream.ring.next)
  t.not(second.stream.ring.next, third.stream.ring.next)
  for (const { stream } of [origin, first, second, third]) {
    for (const frame of [260, 300, 371]) {
      t.equal(firstFrame(stream, clock, frame), frame)
      const replica = inOtherThread(stream, clock)
      // Requests what precedes the frame, which the next listener finds.
      firstFrame(replica, clock, frame)
      t.equal(firstFrame(replica, clock, frame), frame, 'in another thread')
    }
    const { time } = createReports(clock, false)(stream, true)
    t.equal(time?.start.frame, firstFrame(stream, clock, time?.start.frame ?? -1), 'as pages are told')
  }
})

t.test('after frames that were missed, the numbers of an edge are those of the origin again', async (t) => {
  const origin = openOrigin(t, createAacAdts)
  const edge = await origin.openEdge()
  await origin.play(Buffer.concat(frames.slice(0, 100)), 1500, 100)
  origin.leave(edge)
  await origin.play(Buffer.concat(frames.slice(100, 150)), 1500, 100)
  await origin.again(edge)
  await origin.play(Buffer.concat(frames.slice(150)), 1500, 100)
  t.equal(firstFrame(edge.stream, origin.clock, 333), 333)
  t.equal(firstFrame(edge.stream, origin.clock, 12), firstFrame(edge.stream, origin.clock, 3), 'the oldest')
})
