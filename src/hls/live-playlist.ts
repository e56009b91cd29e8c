import { createHash } from 'node:crypto'
import type { Clock } from '../system/clock.ts'
import { mediaPlaylist, type PlaylistText, withQuery } from './media-playlist.ts'
import type { Segment } from './segment.ts'
import { SegmentWindow, WINDOW_SEGMENTS } from './segment-window.ts'

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

/** The playlist of a stream, written when it is requested, and its segments. */
export class LivePlaylist {
  /** Duration of a segment, in milliseconds. */
  segmentMs = 0
  /** There will be no more segments. */
  #hasEnded = false
  readonly #window: SegmentWindow
  #longestUs = 0
  /** Undefined: not written since it has changed. */
  #text: PlaylistText | undefined
  /** Without a query. */
  #plain: Playlist | undefined
  /** Bit rates that were last measured; undefined: none were. */
  #rates: Rates | undefined

  constructor(clock: Clock) {
    this.#window = new SegmentWindow(clock)
  }

  /** See SegmentWindow. */
  get segments(): Pick<SegmentWindow, 'find' | 'epochNamed' | 'isEmpty'> {
    return this.#window
  }

  get isEmpty(): boolean {
    return this.#window.listed.length === 0
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

  /** Adds a segment whose epoch has a packaging. */
  add(segment: Segment): void {
    this.#longestUs = Math.max(this.#longestUs, segment.longestUs)
    this.#window.add(segment)
    this.#hasEnded = false
    this.#changed()
  }

  end(): void {
    this.#hasEnded = true
    this.#changed()
  }

  /** Drops what no client may request any more: a playlist that is older than its own duration is of the past. */
  age(): void {
    if (this.#window.age(Date.now() - this.segmentMs * WINDOW_SEGMENTS)) this.#changed()
  }

  /** Returns the playlist; undefined when it has no segment. @param query to be added to its URIs, encoded */
  read(query: string): Playlist | undefined {
    this.age()
    if (this.isEmpty) return undefined
    this.#text ??= mediaPlaylist(this.#window.listed, this.#targetSeconds, this.#hasEnded)
    if (query !== '') return playlistOf(withQuery(this.#text, query))
    this.#plain ??= playlistOf(withQuery(this.#text, ''))
    return this.#plain
  }

  /** The longest segment begins a frame before the end of its time (RFC 8216, section 4.3.3.1). */
  get #targetSeconds(): number {
    return Math.max(1, Math.round((this.segmentMs + this.#longestUs / 1000) / 1000))
  }

  #changed(): void {
    this.#text = undefined
    this.#plain = undefined
  }
}

function playlistOf(text: string): Playlist {
  return { text, tag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 16)}"` }
}
