import { createHash } from 'node:crypto'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import { HlsClients } from './hls-clients.ts'
import type { HlsEpoch } from './hls-epoch.ts'
import { mediaPlaylist, type PlaylistText, withQuery } from './media-playlist.ts'
import type { Segment } from './segment.ts'
import { SegmentWindow, WINDOW_SEGMENTS } from './segment-window.ts'
import { Segmenter, type SegmentReceiver } from './segmenter.ts'

/** Segments without a request after which a client is gone, and the least time, in milliseconds. */
const IDLE_SEGMENTS = 3
const LEAST_IDLE_MS = 10_000
/**
 * Time for which a first segment is waited for, in milliseconds: at least 10 s, and longer than one takes; but a connection without a
 * byte is closed after 60 s.
 */
const LEAST_WAIT_MS = 10_000
const BEYOND_SEGMENT_MS = 2_000
const MOST_WAIT_MS = 55_000

/** A playlist, for all clients with the same query. */
export interface Playlist {
  readonly text: string
  /** Entity tag (RFC 9110, section 8.8.3). */
  readonly tag: string
}

/** Bit rates of segments, in bits per second. */
export interface Rates {
  readonly peak: number
  readonly average: number
  /** RFC 6381. */
  readonly codecs: string
}

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
  /** Why there are no segments, in one line; undefined: no reason is known. */
  refusal: string | undefined
  #stream: Stream
  #window: SegmentWindow
  readonly #clock: Clock
  #segmenter: Segmenter | undefined
  #segmentMs = 0
  /** Segments of an epoch whose packaging is not known yet. */
  #pending: readonly Segment[] = []
  #longestUs = 0
  /** Undefined: not written since it has changed. */
  #text: PlaylistText | undefined
  /** Without a query. */
  #playlist: Playlist | undefined
  /** Bit rates that were last measured; undefined: none were. */
  #rates: Rates | undefined
  #askedAt = Number.NEGATIVE_INFINITY
  #release: (() => void) | undefined
  #waiting: readonly (() => void)[] = []

  /** Cuts segments as long as the plan of the stream has HLS. */
  constructor(stream: Stream, clock: Clock) {
    this.#stream = stream
    this.#clock = clock
    this.#window = new SegmentWindow(clock)
    this.clients = new HlsClients(() => this.#idleMs, clock)
    this.#start()
  }

  get stream(): Stream {
    return this.#stream
  }

  get isEnabled(): boolean {
    return this.#stream.plan.hls !== undefined
  }

  get figures(): HlsFigures {
    return { listeners: this.clients.count, requests: this.requests, bytes: this.bytes }
  }

  /** Whether nothing of it is of use any more. */
  get isOver(): boolean {
    return this.#segmenter === undefined && this.#window.isEmpty && this.#release === undefined
  }

  /** Peak and average bit rate of its segments, and their codecs; undefined: it has had none. */
  get rates(): Rates | undefined {
    const { listed } = this.#window
    const codecs = listed.at(-1)?.segment.epoch.packaging?.codecs
    if (codecs === undefined) return this.#rates
    let [peak, allBits, allSeconds] = [0, 0, 0]
    for (const { segment } of listed) {
      const bits = segment.bytes().length * 8
      const seconds = segment.durationUs / 1e6
      peak = Math.max(peak, bits / seconds)
      allBits += bits
      allSeconds += seconds
    }
    this.#rates = { peak: Math.ceil(peak), average: Math.round(allBits / allSeconds), codecs }
    return this.#rates
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

  /** Returns the playlist; undefined when it has no segment. @param query to be added to its URIs, encoded */
  playlist(query: string): Playlist | undefined {
    this.#age()
    if (this.#window.listed.length === 0) return undefined
    this.#text ??= this.#write()
    if (query !== '') return playlistOf(withQuery(this.#text, query))
    this.#playlist ??= playlistOf(withQuery(this.#text, ''))
    return this.#playlist
  }

  /** See SegmentWindow. */
  get segments(): Pick<SegmentWindow, 'find' | 'epochNamed'> {
    return this.#window
  }

  /** Resolves when the playlist has a segment, or cannot have one, or after some time. @param patient wait for an absent source */
  async ready(patient: boolean): Promise<void> {
    const ms = Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, this.#segmentMs + BEYOND_SEGMENT_MS))
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
    const now = this.#clock.now()
    this.clients.expire()
    if (now - this.#askedAt > this.#idleMs) this.#letGo()
    this.#age()
    this.#wake()
  }

  /** Ends everything: there is no HLS any more. */
  end(): void {
    this.#stop()
    this.#letGo()
    this.clients.clear()
    this.#window = new SegmentWindow(this.#clock)
    this.#pending = []
    this.#changed()
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
    this.#changed()
    this.#wake()
  }

  get #idleMs(): number {
    return Math.max(LEAST_IDLE_MS, IDLE_SEGMENTS * this.#segmentMs)
  }

  #start(from = 0): void {
    const { hls } = this.#stream.plan
    if (hls === undefined || this.#stream.isFinished) return
    this.#segmentMs = hls.segmentMs
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

  /** A playlist that is older than its own duration is of the past. */
  #age(): void {
    if (this.#window.age(Date.now() - this.#segmentMs * WINDOW_SEGMENTS)) this.#changed()
  }

  #isUnsettled(patient: boolean): boolean {
    if (this.#window.listed.length > 0 || this.refusal !== undefined || !this.isEnabled) return false
    return !this.#stream.isFinished && (patient || !isAbsent(this.#stream))
  }

  /** Lists the segments whose packaging is known, in their order. */
  #settlePending(): void {
    while (this.#pending[0] !== undefined) {
      const [segment] = this.#pending
      const { packaging, refusal } = segment.epoch
      if (packaging === undefined && refusal === undefined) return
      this.#pending = this.#pending.slice(1)
      if (packaging !== undefined) this.#list(segment)
    }
  }

  #list(segment: Segment): void {
    this.#longestUs = Math.max(this.#longestUs, segment.longestUs)
    this.#window.add(segment)
    this.#changed()
    this.#wake()
  }

  /** The longest segment begins a frame before the end of its time (RFC 8216, section 4.3.3.1). */
  #write(): PlaylistText {
    const longestMs = this.#segmentMs + this.#longestUs / 1000
    const targetSeconds = Math.max(1, Math.round(longestMs / 1000))
    return mediaPlaylist(this.#window.listed, targetSeconds, this.#stream.isFinished)
  }

  #changed(): void {
    this.#text = undefined
    this.#playlist = undefined
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

function playlistOf(text: string): Playlist {
  return { text, tag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 16)}"` }
}
