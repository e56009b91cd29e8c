import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import { HlsClients } from './hls-clients.ts'
import type { HlsEpoch } from './hls-epoch.ts'
import { LivePlaylist } from './live-playlist.ts'
import type { Segment } from './segment.ts'
import { Segmenter, type SegmentReceiver } from './segmenter.ts'

/** Segments without a request after which a client is gone, and the least time, in milliseconds. */
const IDLE_SEGMENTS = 3
const LEAST_IDLE_MS = 10_000
/**
 * Time for which a first segment is waited for, in milliseconds: at least 10 s, and longer than one takes, or two at an edge, whose first
 * frames may be in the middle of one; but a connection without a byte is closed after 60 s.
 */
const LEAST_WAIT_MS = 10_000
const BEYOND_SEGMENT_MS = 2_000
const MOST_WAIT_MS = 55_000

/** Totals of a stream's HLS. */
export interface HlsFigures {
  /** Estimated; see HlsClients. */
  readonly listeners: number
  readonly requests: number
  readonly bytes: number
}

/** A stream as HLS, at one path. Streams that replace one another there continue one playlist. */
export class HlsStream implements SegmentReceiver {
  readonly clients: HlsClients
  /** Totals of all its responses. */
  requests = 0
  bytes = 0
  /** Reason why there are no segments, in one line; undefined: none is known. */
  refusal: string | undefined
  #stream: Stream
  #playlist: LivePlaylist
  readonly #clock: Clock
  #segmenter: Segmenter | undefined
  /** Segments of an epoch whose packaging is not known yet. */
  #pending: readonly Segment[] = []
  #askedAt = Number.NEGATIVE_INFINITY
  #release: (() => void) | undefined
  #waiting: readonly (() => void)[] = []

  /** Cuts segments as long as the plan of the stream has HLS. */
  constructor(stream: Stream, clock: Clock) {
    this.#stream = stream
    this.#clock = clock
    this.#playlist = new LivePlaylist(clock)
    this.clients = new HlsClients(() => this.#idleMs, clock)
    this.#start()
  }

  get stream(): Stream {
    return this.#stream
  }

  get playlist(): Pick<LivePlaylist, 'read' | 'rates' | 'segments'> {
    return this.#playlist
  }

  get isEnabled(): boolean {
    return this.#stream.plan.hls !== undefined
  }

  get figures(): HlsFigures {
    return { listeners: this.clients.count, requests: this.requests, bytes: this.bytes }
  }

  /** Whether nothing of it is of use any more. */
  get isOver(): boolean {
    return this.#segmenter === undefined && this.#playlist.segments.isEmpty && this.#release === undefined
  }

  /** Uses the stream that is at the path now, with its current plan. */
  follow(stream: Stream): void {
    const isOther = stream !== this.#stream
    if (!isOther && this.#segmenter?.segmentMs === stream.plan.hls?.segmentMs) return
    const from = this.#stop()
    if (isOther) this.#letGo()
    this.#stream = stream
    if (this.isEnabled) this.#start(isOther ? 0 : from)
    else this.end()
  }

  /** Notes a request of a client. */
  asked(): void {
    this.requests++
    this.keepOpen()
  }

  /** Opens the source, and keeps it open for some time. */
  keepOpen(): void {
    this.#askedAt = this.#clock.now()
    this.#release ??= this.#stream.hold()
  }

  /** Resolves when the playlist has a segment, or cannot have one, or after some time. @param patient wait for an absent source */
  async ready(patient: boolean): Promise<void> {
    const { segmentMs } = this.#playlist
    const segments = this.#stream.plan.sources.some(({ kind }) => kind === 'hub') ? 2 : 1
    const ms = Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, segments * segmentMs + BEYOND_SEGMENT_MS))
    const until = this.#clock.now() + ms
    const cancel = this.#clock.after(ms, () => this.#wake())
    while (this.#clock.now() < until && this.#isUnsettled(patient)) {
      await new Promise<void>((resolve) => {
        this.#waiting = [...this.#waiting, resolve]
      })
    }
    cancel()
  }

  /** Called every second: ends what no client has asked for. */
  check(): void {
    this.clients.expire()
    if (this.#clock.now() - this.#askedAt > this.#idleMs) this.#letGo()
    this.#playlist.age()
    this.#wake()
  }

  /** Ends everything, because the stream does not have HLS any more. */
  end(): void {
    this.#stop()
    this.#letGo()
    this.clients.clear()
    this.#playlist = new LivePlaylist(this.#clock)
    this.#pending = []
    this.#wake()
  }

  cut(segment: Segment): void {
    this.#pending = [...this.#pending, segment]
    this.#settlePending()
  }

  known({ refusal }: HlsEpoch): void {
    if (refusal !== undefined && refusal !== this.refusal)
      this.#stream.log.warn('HLS not available', { reason: refusal })
    this.refusal = refusal
    this.#settlePending()
    this.#wake()
  }

  planChanged(): void {
    this.follow(this.#stream)
  }

  finished(): void {
    this.#segmenter = undefined
    this.#playlist.end()
    this.#wake()
  }

  get #idleMs(): number {
    return Math.max(LEAST_IDLE_MS, IDLE_SEGMENTS * this.#playlist.segmentMs)
  }

  #start(from = 0): void {
    const { hls } = this.#stream.plan
    if (hls === undefined || this.#stream.isFinished) return
    this.#playlist.segmentMs = hls.segmentMs
    this.#segmenter = new Segmenter(this.#stream, hls.segmentMs, this, this.#clock, from)
  }

  #stop(): number {
    const from = this.#segmenter?.stop() ?? 0
    this.#segmenter = undefined
    return from
  }

  #letGo(): void {
    this.#release?.()
    this.#release = undefined
  }

  #isUnsettled(patient: boolean): boolean {
    if (!this.#playlist.isEmpty || this.refusal !== undefined || !this.isEnabled) return false
    return !this.#stream.isFinished && (patient || !isAbsent(this.#stream))
  }

  /** Lists the segments whose packaging is known, in their order. */
  #settlePending(): void {
    while (this.#pending[0] !== undefined) {
      const [segment] = this.#pending
      const { packaging, refusal } = segment.epoch
      if (packaging === undefined && refusal === undefined) return
      this.#pending = this.#pending.slice(1)
      if (packaging === undefined) continue
      this.#playlist.add(segment)
      this.#wake()
    }
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

/** Whether a source is away, and may stay so. One that has just been requested may still be closed. */
function isAbsent({ sourceState: { kind, lastEnd }, fallback }: Stream): boolean {
  if (fallback !== undefined || kind === 'open' || kind === 'opening') return false
  return kind !== 'closed' || lastEnd?.failed === true
}
