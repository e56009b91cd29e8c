import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { createFifoSource } from '../source/pipe/fifo.ts'
import type { Source } from '../source/source.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import { systemPath } from '../text/byte-path.ts'

/** Interval between two checks for streams that are not needed any more, in milliseconds. */
const LOOK_EVERY_MS = 5_000

/** The map from URL path to stream. */
export interface Station {
  /** Returns the stream at a decoded URL path such as `/` or `/cd`; undefined when there is none. */
  find(path: string): Promise<Stream | undefined>
  /** Returns the current streams. */
  streams(): Iterable<Stream>
}

/** Makes a station of one stream, at `/`. */
export function stationOf(stream: Stream): Station {
  return {
    find: async (path) => (path === '/' ? stream : undefined),
    streams: () => [stream],
  }
}

/**
 * Makes a station of the FIFOs of a directory: `/name` is the FIFO `name` in it; other paths have no stream. A stream that has
 * ended, or whose FIFO is gone, is removed after its last listener has disconnected, which frees its memory and descriptors.
 */
export function stationOfDirectory(
  directory: string,
  create: (path: string, source: Source) => Stream,
  clock: Clock,
): Station {
  const streams = new Map<string, Stream>()
  let isLooking = false
  const fileOf = (name: string) => join(directory, name)

  async function forget(name: string, stream: Stream): Promise<void> {
    if (streams.get(name) === stream) streams.delete(name)
    await stream.stop('FIFO removed')
    if (!stream.isFinished) stream.finish(undefined)
  }

  async function forgetUnneeded(): Promise<void> {
    for (const [name, stream] of streams) {
      const isNeeded = !stream.isFinished && (await isFifo(fileOf(name)))
      if (!isNeeded && stream.listeners === 0) await forget(name, stream)
    }
  }

  function lookLater(): void {
    if (isLooking) return
    isLooking = true
    clock.after(LOOK_EVERY_MS, () => void look())
  }

  async function look(): Promise<void> {
    await forgetUnneeded()
    isLooking = false
    if (streams.size > 0) lookLater()
  }

  return {
    async find(path) {
      const name = path.slice(1)
      if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) return undefined
      const isThere = await isFifo(fileOf(name))
      const known = streams.get(name)
      const isLive = known !== undefined && !known.isFinished
      if (isLive && (isThere || known.listeners > 0)) return known
      // The name is free at once, so that simultaneous requests get the same stream.
      const forgotten = known?.listeners === 0 ? forget(name, known) : undefined
      if (!isThere) {
        await forgotten
        return undefined
      }
      const stream = create(path, createFifoSource(fileOf(name), 'refused', clock))
      streams.set(name, stream)
      lookLater()
      return stream
    },
    streams: () => streams.values(),
  }
}

/** A link might lead out of the directory, so it is not followed. */
async function isFifo(file: string): Promise<boolean> {
  const entry = await lstat(systemPath(file)).catch(() => undefined)
  return entry?.isFIFO() === true
}
