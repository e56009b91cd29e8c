import type { Stream } from '../stream/stream.ts'
import type { StreamState } from './messages.ts'
import type { SharedSegments } from './shared-segments.ts'

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
  return { from, offset: segments.put(frames, bytes), lengths, durations, ringBytes: ring.bytes }
}

/** Snapshot of a stream's state, to post to other threads. */
export function stateOf(stream: Stream): StreamState {
  const { plan, refusal, contentType, isRaw, hasPreambles, numbering, header, joinFrom, isFinished } = stream
  return { plan, refusal, contentType, isRaw, hasPreambles, numbering, header, joinFrom, isFinished }
}

/** True when nothing in the state has changed. */
export function isSame(one: StreamState, other: StreamState): boolean {
  return (Object.keys(one) as (keyof StreamState)[]).every((name) => one[name] === other[name])
}
