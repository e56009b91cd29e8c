import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemPath } from '../byte-path.ts'
import type { Clock } from '../clock.ts'
import { createFifoSource } from '../source/fifo.ts'
import type { Source } from '../source/source.ts'
import type { Stream } from './stream.ts'

/** The map from URL path to stream. */
export interface Station {
  /** The stream at a decoded URL path such as `/` or `/cd`; undefined when there is none. */
  find(path: string): Promise<Stream | undefined>
  /** The streams that there are now. */
  streams(): Iterable<Stream>
}

/** A station of one stream, at `/`. */
export function stationOf(stream: Stream): Station {
  return {
    find: async (path) => (path === '/' ? stream : undefined),
    streams: () => [stream],
  }
}

/** A station whose streams are the FIFOs of a directory: `/name` is the FIFO `name` in it, and nothing else is there. */
export function stationOfDirectory(
  directory: string,
  create: (path: string, source: Source) => Stream,
  clock: Clock,
): Station {
  const streams = new Map<string, Stream>()
  return {
    async find(path) {
      const name = path.slice(1)
      if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) return undefined
      const file = join(directory, name)
      // A link might lead out of the directory, so it is not followed.
      const isThere = (await lstat(systemPath(file)).catch(() => undefined))?.isFIFO() === true
      const known = streams.get(name)
      const isLive = known !== undefined && !known.isFinished
      if (isLive && (isThere || known.listeners > 0)) return known
      if (!isThere) {
        streams.delete(name)
        await known?.stop('the FIFO is gone')
        return undefined
      }
      const stream = create(path, createFifoSource(file, 'refused', clock))
      streams.set(name, stream)
      return stream
    },
    streams: () => streams.values(),
  }
}
