import type { PlayerNews } from '../../endpoints/player/player-news.ts'
import { type ConnectionWatch, CutWatch, type HttpFailure } from './cut-watch.ts'
import { HlsPlayer, type HlsPlayerOptions } from './hls-player.ts'
import { type HlsBrowser, hlsText, hlsWay, prefersHls } from './hls-way.ts'
import type { LiveClock } from './live-clock.ts'
import type { StreamPlayer } from './stream-player.ts'

interface FallbackOptions extends Omit<HlsPlayerOptions, 'way' | 'newestAt'> {
  readonly live: LiveClock
  /** Called with the player of HLS when it is better than an endless response; without one when it fails itself. */
  readonly change: (player?: StreamPlayer) => void
}

/** Number of starts without any sound after which the player returns to endless responses. */
const FAILURES = 3

/** Plays HLS where endless responses fail, or where the browser plays it better. The page loads it for streams with HLS. */
export class HlsFallback implements ConnectionWatch {
  readonly #options: FallbackOptions
  readonly #cuts = new CutWatch((failure) => void this.#change(failure))
  #news: PlayerNews | undefined
  #player: StreamPlayer | undefined
  #note = ''
  /** Starts of HLS without sound; NaN: it has had sound. */
  #failures = 0

  constructor(options: FallbackOptions) {
    this.#options = options
  }

  /** Undefined: an endless response is good enough. */
  get player(): StreamPlayer | undefined {
    return this.#player
  }

  /** Says that HLS is used, and why; empty: it is not used. */
  get note(): string {
    return this.#note
  }

  began(): void {
    this.#cuts.began()
  }

  playing(): void {
    this.#cuts.playing()
    if (this.#player !== undefined) this.#failures = Number.NaN
  }

  lost(): void {
    if (this.#player === undefined) return this.#cuts.lost()
    this.#failures++
    if (this.#failures < FAILURES || Number.isNaN(this.#failures)) return
    this.#player = undefined
    this.#note = ''
    this.#options.change()
  }

  follow(news: PlayerNews): void {
    this.#news = news
    if (prefersHls(browserOf(this.#options.audio), news.contentType)) void this.#change()
  }

  /** Changes to HLS for as long as the page is open, if the server has it. @param failure of the endless response */
  async #change(failure?: HttpFailure): Promise<void> {
    const { audio, playlist, change } = this.#options
    if (this.#player !== undefined || this.#failures === FAILURES) return
    const response = await fetch(playlist).catch(() => undefined)
    if (response?.ok !== true || this.#player !== undefined) return
    const way = hlsWay(browserOf(audio), this.#news?.contentType ?? '')
    this.#player = new HlsPlayer({ ...this.#options, way, newestAt: () => this.#newestAt() })
    this.#note = hlsText(failure)
    change(this.#player)
  }

  /** When the newest frame was on the air, in milliseconds since 1970. */
  #newestAt(): number | undefined {
    const { hls, time } = this.#news ?? {}
    const newest = this.#options.live.newest(performance.now())
    return hls === undefined || time === undefined || newest === undefined
      ? undefined
      : hls.newestAt + newest - time.newest
  }
}

function browserOf(audio: HTMLAudioElement): HlsBrowser {
  return {
    vendor: navigator.vendor,
    playsHls: audio.canPlayType('application/vnd.apple.mpegurl') !== '',
    hasMediaSource: 'MediaSource' in window || 'ManagedMediaSource' in window,
  }
}
