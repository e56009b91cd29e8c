import { readdirSync, readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import type { Test } from 'tap'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { createRaw } from '../../filters/raw.ts'
import { streamOptions } from '../../src/program/stream-options.ts'
import { type Disk, type DiskFile, systemDisk } from '../../src/recorder/disk.ts'
import { Recorders } from '../../src/recorder/recorders.ts'
import { PushSource } from '../../src/source/push.ts'
import { Stream } from '../../src/stream/stream.ts'
import type { StreamEvent } from '../../src/stream/stream-event.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'
import { streamPlan } from '../plans.ts'
import { until } from '../processes.ts'

/** Settings of a test. */
interface Settings {
  readonly flags?: readonly string[]
  readonly create?: CreateFilter
  readonly disk?: Disk
  /** Path of the stream. */
  readonly path?: string
  /** Time at the first frame. */
  readonly at?: string
}

/** Flags of raw samples, and the bytes of a second of them. */
export const SPEECH = ['-pcm', 's16le:8000:1']
export const SECOND_BYTES = 16_000

const NO_WATCHER = {
  frameCame() {},
  chunkEnded() {},
  formatChanged() {},
  openingEnded() {},
  sourceRefused() {},
  streamFinished() {},
}

/** A file that is complete, as its event reports it. */
interface Recorded {
  readonly file: string
  readonly bytes: number
  readonly ms: number
}

/**
 * A stream that is recorded, whose bytes are from the test. Its clock is advanced by the test, and its wall clock with it.
 * @param record as on the command line
 */
export function openRecorded(t: Test, record: string, settings: Settings = {}) {
  const { flags = SPEECH, create = createRaw, path = '/', at = '2026-05-31T12:00:00' } = settings
  const clock = createManualClock()
  const source = new PushSource('a test')
  const plan = { ...streamPlan('-path', '/dev/null', '-record', record, ...flags), path }
  const kept = keepLog()
  const stream = new Stream(plan, source, streamOptions(plan, create, source), clock, kept.logger)
  const events: StreamEvent[] = []
  stream.events.subscribe((event) => void events.push(event))
  const counted = countedDisk(settings.disk ?? systemDisk)
  const begin = new Date(at).getTime() - clock.now()
  const wall = { setBy: 0 }
  const wallClock = () => begin + clock.now() + wall.setBy
  const recorders = new Recorders(() => [stream.plan], { clock, log: kept.logger }, counted.disk, wallClock)
  recorders.look(stream)
  t.teardown(() => Promise.all([stream.stop('the test is over'), recorders.end()]))
  // As listeners at low delay do, so that the source is read at once.
  stream.watch({ ...NO_WATCHER, pauseMs: 0 })
  stream.listenerCame()
  const feedOwner = { peer: { kind: 'publisher', name: 'a test' }, drained() {}, ended() {} } as const
  let feed = source.begin(feedOwner)
  const idle = () => until('the disk is idle', async () => (await turn(), counted.pending() === 0))
  /** Sends bytes, about a second of sound; resolved when they are in the ring. */
  const push = async (bytes: Buffer, ms = (bytes.length / SECOND_BYTES) * 1000): Promise<void> => {
    const wanted = stream.counters.bytesIn + bytes.length
    await clock.advance(ms)
    feed.push(bytes)
    await until('the bytes are read', async () => (await clock.advance(0), stream.counters.bytesIn === wanted))
  }
  /** Sends bytes that last this time, in pieces of about a second, which arrive at the end of their sound. */
  const send = async (bytes: Buffer, ms = (bytes.length / SECOND_BYTES) * 1000): Promise<void> => {
    const pieces = Math.max(1, Math.round(ms / 1000))
    for (let i = 0; i < pieces; i++) {
      const [from, to] = [i, i + 1].map((at) => Math.floor((bytes.length * at) / pieces))
      await push(bytes.subarray(from, to), ms / pieces)
      await idle()
    }
  }
  return {
    stream,
    clock,
    wall,
    recorders,
    events,
    log: kept,
    idle,
    push,
    send,
    /** Ends the opening of the source, and begins another. */
    reopen: async (): Promise<void> => {
      const before = events.filter(({ kind }) => kind === 'source closed').length
      feed.end()
      await until('the opening has ended', async () => {
        await clock.advance(0)
        return events.filter(({ kind }) => kind === 'source closed').length > before
      })
      feed = source.begin(feedOwner)
    },
    /** Completes all files. */
    end: () => recorders.end(),
    files: (): Recorded[] => events.flatMap((event) => (event.kind === 'file recorded' ? [event] : [])),
  }
}

/** Returns the files in a folder and below it by their names, sorted. */
export function filesIn(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = names.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`)
  return new Map(paths.toSorted().map((path) => [path.slice(folder.length + 1), readFileSync(path)]))
}

/** Returns the samples of a WAV file. */
export function samplesIn(file: Buffer | undefined): Buffer {
  if (file === undefined) return Buffer.alloc(0)
  return file.subarray(file.indexOf('data') + 8)
}

/** Returns samples that are numbered, so that no two parts are equal. */
export function numbered(from: number, seconds: number): Buffer {
  const bytes = Buffer.alloc(seconds * SECOND_BYTES)
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(from * SECOND_BYTES + at, at)
  return bytes
}

/** Counts operations that are under way. */
function countedDisk(disk: Disk) {
  let pending = 0
  const counted =
    <Args extends unknown[], T>(operation: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      pending++
      try {
        return await operation(...args)
      } finally {
        pending--
      }
    }
  const countedFile = (file: DiskFile): DiskFile => ({
    write: counted((bytes, offset, length, position) => file.write(bytes, offset, length, position)),
    truncate: counted((length) => file.truncate(length)),
    stat: counted(() => file.stat()),
    close: counted(() => file.close()),
  })
  const own: Disk = {
    create: counted(async (path) => countedFile(await disk.create(path))),
    makeFolder: counted((path) => disk.makeFolder(path)),
    stat: counted((path) => disk.stat(path)),
    appendText: counted((path, text) => disk.appendText(path, text)),
    createText: counted((path, text) => disk.createText(path, text)),
    remove: counted((path) => disk.remove(path)),
  }
  return { disk: own, pending: () => pending }
}
