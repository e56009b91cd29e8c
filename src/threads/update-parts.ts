import { ELASTIC_SIZE, type Ring, type RingSize } from '../ring/ring.ts'
import type { Stream } from '../stream/stream.ts'
import type { StreamState } from './messages.ts'
import type { SharedSegments } from './shared-segments.ts'

const US_PER_MS = 1000

/**
 * Returns the size of a replica's ring. It does not reach further back than the burst of a listener: those that go back are served
 * by the main thread, so that no other thread needs the memory of a long ring.
 */
export function replicaSize({ ring, plan }: Pick<Stream, 'ring' | 'plan'>): RingSize {
  if ('frames' in ring.size) return ring.size
  const burstUs = (plan.delivery.burstMs ?? 0) * US_PER_MS
  return { ...ELASTIC_SIZE, us: Math.min(ring.size.us, Math.max(ELASTIC_SIZE.us, burstUs)) }
}

/** Returns the first of the frames that fill a replica's ring. */
export function firstOfReplica(ring: Ring, size: RingSize): number {
  if ('frames' in size) return ring.first
  const least = ring.us > 0 ? size : { us: 0, bytes: ring.recentBytes }
  let [seq, us, bytes] = [ring.next, 0, 0]
  while (seq > ring.first && (us < least.us || bytes < least.bytes)) {
    const frame = ring.at(--seq)
    us += frame?.durationUs ?? 0
    bytes += frame?.bytes.length ?? 0
  }
  return seq
}

/** Copies frames into shared memory. @param from the number of the first one. @returns their place in the newest segment. */
export function framesFrom({ ring }: Stream, from: number, segments: SharedSegments) {
  const count = ring.next - from
  const frames: Buffer[] = []
  const lengths = new Uint32Array(count)
  const durations = new Float64Array(count)
  let bytes = 0
  for (let at = 0; at < count; at++) {
    const frame = ring.at(from + at)
    if (frame === undefined) continue
    frames.push(frame.bytes)
    lengths[at] = frame.bytes.length
    durations[at] = frame.durationUs
    bytes += frame.bytes.length
  }
  return { from, offset: segments.put(frames, bytes), lengths, durations, ringBytes: ring.recentBytes }
}

/** Snapshot of a stream's state, to post to other threads. */
export function stateOf(stream: Stream): StreamState {
  const { plan, refusal, contentType, isRaw, hasPreambles, numbering, header, joinFrom, seqShift, isFinished } = stream
  return { plan, refusal, contentType, isRaw, hasPreambles, numbering, header, joinFrom, seqShift, isFinished }
}

/** True when nothing in the state has changed. */
export function isSame(one: StreamState, other: StreamState): boolean {
  return (Object.keys(one) as (keyof StreamState)[]).every((name) => one[name] === other[name])
}
