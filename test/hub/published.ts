import type { Test } from 'tap'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import type { HubMessage } from '../../filters/hub/message.ts'
import { FILTERS } from '../../filters/table.ts'
import { createHub } from '../../src/hub/create-hub.ts'
import type { PublishedState } from '../../src/hub/hub.ts'
import { streamOptions } from '../../src/program/stream-options.ts'
import { PushSource } from '../../src/source/push.ts'
import { Stream } from '../../src/stream/stream.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'
import { streamPlan } from '../plans.ts'
import { createMemoryHub } from './memory-link.ts'
import { readMessage } from './read-messages.ts'

/** Settings of a test. */
interface Settings {
  readonly flags?: readonly string[]
  /** A filter of the user's own; undefined: the one of the plan. */
  readonly create?: CreateFilter
  /** Largest message that the hub takes, in bytes. */
  readonly maxPayload?: number
  /** The hub is not connected at first. */
  readonly isAway?: boolean
  /** Openings of the source follow one another in real time, as the files of a list do. */
  readonly isList?: boolean
  /** The source is read as often as the publisher needs; otherwise at once. */
  readonly isPaced?: boolean
}

/** A frame of the ring. */
interface RingFrame {
  readonly seq: number
  readonly bytes: Buffer
  readonly durationUs: number
  /** When it was there, in milliseconds of the clock. */
  readonly at: number
}

/** A message, as it arrived, and when. */
export interface Sent extends HubMessage {
  readonly payload: Buffer
  readonly at: number
}

/** Milliseconds since 1970 at time 0 of the clock of a test. */
const BEGAN_AT = Date.UTC(2026, 4, 31)

/** A stream that is published, whose bytes are from the test, on a hub in memory; its clock is advanced by the test. */
export function openPublished(t: Test, settings: Settings = {}) {
  const { flags = [], create, maxPayload, isAway = false, isList = false, isPaced = isList } = settings
  const clock = createManualClock()
  const wallClock = () => BEGAN_AT + clock.now()
  const source = new PushSource('a test')
  const plan = { ...streamPlan('-path', '/dev/null', ...flags), path: '/radio', hubPublish: { name: undefined } }
  const kept = keepLog()
  const filter = create ?? FILTERS.get(plan.ingest.filter)
  if (filter === undefined) throw new Error(`${plan.ingest.filter} is not a filter`)
  const used = create === undefined ? plan : { ...plan, ingest: { ...plan.ingest, filter: './own.js' } }
  const options = { ...streamOptions(used, filter, source), inTime: isList }
  const stream = new Stream(used, source, options, clock, kept.logger)
  let closings = 0
  stream.events.subscribe(({ kind }) => {
    if (kind === 'source closed') closings++
  })
  const hub = createMemoryHub(clock, maxPayload === undefined ? {} : { maxPayload })
  const link = hub.connect({ isAway })
  const edge = hub.connect()
  const sent: Sent[] = []
  edge.subscribe('ss.a.>', ({ subject, payload }) => {
    t.equal(subject, 'ss.a.radio.studio')
    t.ok(payload.length <= link.maxPayload, 'the hub takes it')
    sent.push({ ...readMessage(payload), payload, at: clock.now() })
  })
  const announced: unknown[] = []
  edge.subscribe('ss.m.>', ({ payload }) => void announced.push(JSON.parse(payload.toString())))
  const frames: RingFrame[] = []
  stream.watch({
    pauseMs: isPaced ? 1_000 : 0,
    frameCame() {
      const seq = stream.ring.next - 1
      const frame = stream.ring.at(seq)
      if (frame !== undefined) frames.push({ ...frame, seq, at: clock.now() })
    },
    chunkEnded() {},
    formatChanged() {},
    openingEnded() {},
    sourceRefused() {},
    streamFinished() {},
  })
  const own = createHub(link, { origin: 'studio', clock, log: kept.logger, wallClock })
  const unpublish = own.publish(stream, 'radio')
  // Its plan keeps it warm.
  stream.start()
  t.teardown(async () => {
    await stream.stop('the test is over')
    await own.close()
  })
  /** Lets everything happen that needs no time, or as little as possible. */
  const turns = async (holds: () => boolean) => {
    for (let turn = 0; !holds(); turn++) {
      if (turn > 10_000) throw new Error('it does not happen')
      await clock.advance(isPaced ? 1 : 0)
    }
  }
  const feedOwner = { peer: { kind: 'publisher', name: 'a test' }, drained() {}, ended() {} } as const
  let feed = source.begin(feedOwner)
  return {
    clock,
    wallClock,
    stream,
    hub,
    link,
    edge,
    own,
    unpublish,
    /** Totals of what was published. */
    totals: (): PublishedState => {
      const state = own.published('/radio')
      if (state === undefined) throw new Error('it is not published')
      return state
    },
    frames,
    sent,
    announced,
    log: kept,
    /** Sends bytes; resolved when their frames are in the ring, and messages have arrived. */
    push: async (bytes: Buffer): Promise<void> => {
      const wanted = stream.counters.bytesIn + bytes.length
      feed.push(bytes)
      await turns(() => stream.counters.bytesIn === wanted)
      await clock.advance(0)
    },
    setTitle: (title: string): void => feed.setTitle(title),
    /** Ends the opening of the source, and begins another. */
    reopen: async (): Promise<void> => {
      const before = closings
      feed.end()
      await turns(() => closings > before)
      feed = source.begin(feedOwner)
      await clock.advance(0)
    },
    /** Waits until everything on its way has arrived. */
    settle: () => clock.advance(0),
  }
}

/** Splits bytes into pieces of a size. */
export function inPieces(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size)
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
}

/** Frames of messages, in their order, without those that came again. */
export function framesOf(sent: readonly HubMessage[]): Buffer[] {
  return sent.flatMap(({ frames }) => frames.map(({ bytes }) => bytes))
}
