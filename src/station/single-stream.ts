import type { Stream } from '../stream/stream.ts'
import type { Entry } from './station.ts'

/** Makes an entry of one stream. @param forget releases what belongs to the stream, such as its title file */
export function entryOf(stream: Stream, forget: () => void = () => {}): Entry {
  return {
    get plan() {
      return stream.plan
    },
    find: async (path) => (path === stream.path ? stream : undefined),
    streams: () => [stream],
    paths: async () => [stream.path],
    change: (plan) => stream.change(plan),
    async end(reason) {
      forget()
      const stopped = stream.stop(reason)
      if (!stream.isFinished) stream.finish(undefined)
      await stopped
    },
  }
}
