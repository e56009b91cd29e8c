import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import type { SharedSegments } from './shared-segments.ts'
import { StreamExport } from './stream-export.ts'

/** @returns a function from a stream to its one export, which is made when the first thread requests the stream. */
export function createStreamExports(segments: SharedSegments, clock: Clock): (stream: Stream) => StreamExport {
  const exports = new WeakMap<Stream, StreamExport>()
  let streams = 0
  return (stream) => {
    const known = exports.get(stream)
    if (known !== undefined) return known
    const streamExport = new StreamExport(stream, streams++, segments, clock)
    exports.set(stream, streamExport)
    // First, so that the other threads work while this one writes.
    stream.watch(streamExport, 'first')
    stream.recount = () => streamExport.count()
    return streamExport
  }
}
