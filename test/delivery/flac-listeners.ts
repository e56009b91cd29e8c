import { createFlac } from '../../filters/flac/flac.ts'
import { FLAC_NUMBERS, flacNumbering } from '../../filters/flac/number.ts'
import type { Frame, FrameFilter } from '../../filters/frame-filter.ts'
import { Delivery } from '../../src/delivery/delivery.ts'
import type { Listener, Sink, SinkOwner } from '../../src/delivery/listener.ts'
import { WriteMemory } from '../../src/delivery/write-memory.ts'
import { Ring } from '../../src/ring/ring.ts'
import { RingMemory } from '../../src/ring/ring-memory.ts'
import { StreamCounters } from '../../src/stream/counters.ts'
import type { FrameWatcher } from '../../src/stream/frame-watcher.ts'
import type { ServedStream } from '../../src/stream/served-stream.ts'
import type { Stream } from '../../src/stream/stream.ts'
import type { StreamEvent } from '../../src/stream/stream-event.ts'
import { Titles } from '../../src/stream/titles.ts'
import { WatcherList } from '../../src/stream/watcher-list.ts'
import { Emitter } from '../../src/system/emitter.ts'
import { createCounts } from '../../src/threads/counts.ts'
import { joinPointOf } from '../../src/threads/join-point-of.ts'
import { Replica } from '../../src/threads/replica.ts'
import { createSharedSegments } from '../../src/threads/shared-segments.ts'
import { StreamExport } from '../../src/threads/stream-export.ts'
import { createRandom } from '../decode/music.ts'
import { DEFAULTS } from '../filters/run-filter.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock, type ManualClock } from '../manual-clock.ts'
import { streamPlan } from '../plans.ts'

/** Size of a ring that is soon overtaken, in frames. */
const RING_FRAMES = 4
/** Probability per frame that a listener accepts the next write. */
const TAKES = 0.2
/** Parts of the stream after which the listeners join. */
const JOIN_AT = [0, 0.2, 0.45]
const STEP_MS = 100
const WRITE_MEMORY = 2 ** 26

/** A range of the stream, in samples. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** Bytes that a listener received, and the ranges of the stream that they should be. */
export interface Capture {
  readonly bytes: Buffer
  readonly ranges: readonly Range[]
}

/** The part of a stream that delivery and a relay use. */
class Program implements ServedStream {
  readonly plan = streamPlan('-max-delay', '10ms')
  readonly ring = new Ring({ frames: RING_FRAMES })
  readonly titles = new Titles()
  readonly log = keepLog().logger
  readonly events = new Emitter<StreamEvent>()
  readonly contentType = 'audio/flac'
  readonly isRaw = false
  readonly hasPreambles = true
  readonly numbering = 'flac'
  readonly header = Buffer.alloc(0)
  readonly joinFrom = 0
  readonly seqShift = 0
  readonly counters = new StreamCounters()
  isFinished = false
  readonly past = undefined
  readonly refusal = undefined
  readonly #watchers = new WatcherList()
  readonly #filter: FrameFilter

  constructor(filter: FrameFilter) {
    this.#filter = filter
  }

  preamble(at: number, joining: boolean): Buffer | null {
    return this.#filter.preamble?.(at, this.ring, joining) ?? null
  }

  watch(watcher: FrameWatcher, order: 'first' | 'last' = 'last'): () => void {
    return this.#watchers.add(watcher, order)
  }

  readOn(): void {}
  listenerCame(): void {}

  listenerLeft(): void {}

  push(frame: Frame): void {
    this.ring.push(frame)
    this.#watchers.all.frameCame(frame.bytes.length)
    this.#watchers.all.chunkEnded()
  }

  finish(): void {
    this.isFinished = true
    this.#watchers.all.streamFinished()
  }
}

/** A connection in memory that accepts one write, and the next one after `drain`. */
class SlowConnection implements Sink {
  owner: SinkOwner | undefined
  readonly frames: number[] = []
  readonly #parts: Buffer[] = []
  #isWriting = false
  #framesSent = 0

  get bytes(): Buffer {
    return Buffer.concat(this.#parts)
  }

  write(bytes: Buffer, before: Buffer): boolean {
    this.#parts.push(before, bytes)
    const { cursor, framesSent } = this.owner as Listener
    for (let at = cursor - (framesSent - this.#framesSent); at < cursor; at++) this.frames.push(at)
    this.#framesSent = framesSent
    this.#isWriting = true
    return false
  }

  refuse(): void {
    this.end()
  }

  end(): void {
    this.owner?.gone('disconnected')
  }

  drain(): void {
    if (!this.#isWriting) return
    this.#isWriting = false
    this.owner?.drained()
  }
}

/** Thread that serves the listeners. */
export type Place = 'main thread' | 'delivery thread'

/**
 * Plays a file of FLAC to three listeners that skip at random; two of them join later.
 * @param ranFor number of samples that the stream has played before.
 */
export async function playToSlowListeners(file: Buffer, place: Place, ranFor = 0): Promise<Capture[]> {
  const { filter, frames } = framesOf(file, ranFor)
  const program = new Program(filter)
  const clock = createManualClock()
  const served = place === 'main thread' ? program : replicaOf(program, clock)
  const delivery = new Delivery(served, new WriteMemory(WRITE_MEMORY), clock)
  const joinAt = JOIN_AT.map((part) => Math.floor(part * frames.length))
  const random = createRandom(file.length)
  const connections: SlowConnection[] = []
  for (const [at, frame] of frames.entries()) {
    for (const moment of joinAt) if (moment === at) delivery.join(addTo(connections))
    program.push(frame)
    await clock.advance(STEP_MS)
    for (const connection of connections) if (random() < TAKES) connection.drain()
  }
  for (let i = 0; i < 5; i++) {
    for (const connection of connections) connection.drain()
    await clock.advance(STEP_MS)
  }
  program.finish()
  const starts = frames.map(({ bytes }) => (flacNumbering.of(bytes) - ranFor + FLAC_NUMBERS) % FLAC_NUMBERS)
  const ends = frames.map(({ bytes }) => (flacNumbering.after(bytes) - ranFor + FLAC_NUMBERS) % FLAC_NUMBERS)
  return connections.map((connection) => ({
    bytes: connection.bytes,
    ranges: rangesOf(connection.frames, starts, ends),
  }))
}

function addTo(connections: SlowConnection[]): SlowConnection {
  const connection = new SlowConnection()
  connections.push(connection)
  return connection
}

function framesOf(file: Buffer, ranFor: number): { filter: FrameFilter; frames: Frame[] } {
  const frames: Frame[] = []
  const filter = createFlac(ranFor === 0 ? DEFAULTS : { ...DEFAULTS, ring: ringBefore(file, ranFor) })
  filter.push(file, (frame) => frames.push(frame))
  filter.end((frame) => frames.push(frame))
  return { filter, frames }
}

/** Returns a ring whose last frame is the one before sample `number`. */
function ringBefore(file: Buffer, number: number): Ring {
  const ring = new Ring({ frames: RING_FRAMES })
  const [first] = framesOf(file, 0).frames
  if (first === undefined) throw new Error('no frame in the file')
  const by = FLAC_NUMBERS - number + flacNumbering.after(first.bytes)
  ring.push({ ...first, bytes: flacNumbering.lowered([first.bytes], by % FLAC_NUMBERS) })
  return ring
}

/** Returns the stream as a delivery thread sees it. Answers of the main thread take a turn of the event loop. */
function replicaOf(program: Program, clock: ManualClock): Replica {
  const stream = program as unknown as Stream
  let memory = new SharedArrayBuffer(0)
  const segments = createSharedSegments((newest) => {
    memory = newest
  })
  memory = segments.newest
  const relay = new StreamExport(stream, 1, segments, clock)
  const news = relay.add({ take: (latest) => replica.take(latest, memory), count: () => {} })
  const whole = { size: program.ring.size, news, counts: createCounts() }
  const replica: Replica = new Replica(
    whole,
    memory,
    new RingMemory(),
    (report) => {
      if (report.kind === 'join') setImmediate(() => replica.begin(joinPointOf(stream, report.request)))
    },
    program.log,
  )
  program.watch(relay, 'first')
  return replica
}

function rangesOf(frames: readonly number[], starts: readonly number[], ends: readonly number[]): Range[] {
  const ranges: Range[] = []
  for (const [i, frame] of frames.entries()) {
    const before = ranges.at(-1)
    const to = ends[frame] ?? 0
    if (before !== undefined && frames[i - 1] === frame - 1) ranges[ranges.length - 1] = { ...before, to }
    else ranges.push({ from: starts[frame] ?? 0, to })
  }
  return ranges
}
