import type { Test } from 'tap'
import { createAuto } from '../../filters/auto/auto.ts'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { createHubFilter } from '../../filters/hub/hub-filter.ts'
import { decodeMessage } from '../../filters/hub/message.ts'
import { HlsStream } from '../../src/hls/hls-stream.ts'
import { StreamPublisher } from '../../src/hub/origin/stream-publisher.ts'
import { streamOptions } from '../../src/program/stream-options.ts'
import { PushSource } from '../../src/source/push.ts'
import { Stream } from '../../src/stream/stream.ts'
import { createMemoryHub } from '../hub/memory-link.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock, type ManualClock } from '../manual-clock.ts'
import { streamPlan } from '../plans.ts'

const BEGAN_AT = Date.UTC(2026, 4, 31)
/** Time in which everything is read that has arrived, in milliseconds. */
const SETTLED_MS = 2_000
const OWNER = { peer: { kind: 'publisher', name: 'a test' }, drained() {}, ended() {} } as const

/** A stream with HLS, and how to feed it. */
type Served = ReturnType<typeof serve>

/** An origin, and edges that read what it publishes, with one clock, which wall time follows. */
export function openOrigin(t: Test, create: CreateFilter, segment = '1s') {
  const clock = createManualClock()
  t.intercept(Date, 'now', { value: () => BEGAN_AT + clock.now() })
  const flags = ['-path', '/dev/null', '-hls', '-hls-segment', segment]
  const origin = serve(t, create, clock, flags, true)
  const link = createMemoryHub(clock).connect()
  const sent: Buffer[] = []
  const edges: (Served & { isBegun: boolean })[] = []
  link.subscribe('ss.a.>', ({ payload }) => {
    sent.push(payload)
    for (const edge of edges) pass(edge, payload)
  })
  const publisher = new StreamPublisher(origin.stream, 'radio', {
    link,
    origin: 'studio',
    clock,
    wallClock: () => Date.now(),
  })
  t.teardown(() => publisher.end())
  return {
    ...origin,
    clock,
    /** All messages of the origin. */
    sent,
    /** Opens an edge, which begins with the next message that has a key. */
    openEdge: async () => {
      const edge = { ...serve(t, createHubFilter(createAuto), clock, flags, false), isBegun: false }
      edges.push(edge)
      await clock.advance(0)
      return edge
    },
    /** The edge misses messages from now on, until it begins again. */
    leave: (edge: Served) => {
      edges.splice(
        edges.findIndex((one) => one.stream === edge.stream),
        1,
      )
    },
    /** The edge begins again. @param pauseMs time between its openings */
    again: async (edge: Served, pauseMs = 10) => {
      await edge.reopen()
      await clock.advance(pauseMs)
      edges.push({ ...edge, isBegun: false })
    },
    /** Gives bytes to the origin in pieces, `ms` milliseconds apart. */
    play: async (bytes: Buffer, pieceBytes: number, ms: number) => {
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        origin.give(bytes.subarray(at, at + pieceBytes))
        await clock.advance(ms)
      }
      // What is read is as late as listeners may be.
      await clock.advance(SETTLED_MS)
    },
  }
}

function pass(edge: Served & { isBegun: boolean }, payload: Buffer): void {
  const message = decodeMessage(payload)
  if (typeof message === 'string') throw new Error(message)
  edge.isBegun ||= message.key !== undefined
  if (edge.isBegun) edge.give(Buffer.from(payload))
}

function serve(t: Test, create: CreateFilter, clock: ManualClock, flags: readonly string[], marksEpochs: boolean) {
  const source = new PushSource('a test')
  const plan = streamPlan(...flags)
  const options = { ...streamOptions(plan, create, source), marksEpochs }
  const stream = new Stream(plan, source, options, clock, keepLog().logger)
  stream.listenerCame()
  const hls = new HlsStream(stream, clock)
  t.teardown(async () => {
    hls.end()
    await stream.stop('the test is over')
  })
  let feed = source.begin(OWNER)
  const text = () => hls.playlist.read('')?.text ?? ''
  return {
    stream,
    hls,
    give: (bytes: Buffer) => void feed.push(bytes),
    /** Ends the opening of the source, and begins another. */
    reopen: async () => {
      feed.end()
      await clock.advance(10)
      feed = source.begin(OWNER)
      await clock.advance(0)
    },
    text,
    /** Number and bytes of each listed segment by its URI, and of the part that they need. */
    segments: () => segmentsIn(text(), hls),
  }
}

function segmentsIn(text: string, hls: HlsStream): Map<string, string> {
  const first = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1])
  const uris = text.match(/^[^#\n].*$/gm) ?? []
  return new Map(
    uris.map((uri, i) => {
      const [, epoch = '', number = '', extension = '', tag = ''] = /^(\w+)\/(\d+)\.(\w+)\?h=(\w+)$/.exec(uri) ?? []
      const segment = hls.playlist.segments.find(epoch, number, extension, tag)
      const init = segment?.epoch.packaging?.init ?? Buffer.alloc(0)
      const bytes = Buffer.concat([init, segment?.bytes() ?? Buffer.alloc(0)])
      return [uri, `${first + i}: ${bytes.toString('base64')}`]
    }),
  )
}
