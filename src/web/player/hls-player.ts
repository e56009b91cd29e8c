import type Hls from 'hls.js'
import type { HlsConfig } from 'hls.js'
import { urlAt } from '../shared/url-at.ts'
import type { HlsWay } from './hls-way.ts'
import type { PlayerEvents, StreamPlayer } from './stream-player.ts'
import type { Tap } from './tap-sound.ts'

/** Time without sound after which HLS is restarted, in milliseconds: a segment lasts for several seconds. */
const PATIENCE_MS = 20_000

/** The policy of the pages allows neither a worker that is made of a string nor the track of cues; titles are known from the server's events. */
const OPTIONS: Partial<HlsConfig> = {
  enableWorker: false,
  enableID3MetadataCues: false,
  enableDateRangeMetadataCues: false,
  enableEmsgMetadataCues: false,
}

/** Safari's property of an element that plays HLS: the time of position 0, from EXT-X-PROGRAM-DATE-TIME. */
interface DatedAudio extends HTMLAudioElement {
  getStartDate?(): Date
}

export interface HlsPlayerOptions {
  readonly audio: DatedAudio
  /** Address of the playlist. */
  readonly playlist: string
  readonly way: HlsWay
  readonly tap: Tap
  readonly events: PlayerEvents
  /** Returns when the newest frame was on the air, in milliseconds since 1970; undefined: not known. */
  readonly newestAt: () => number | undefined
}

/** Plays the segments of HLS, where endless responses do not pass. The page loads it when it is needed. */
export class HlsPlayer implements StreamPlayer {
  readonly patienceMs = PATIENCE_MS
  readonly #options: HlsPlayerOptions
  /** Of this start; undefined: stopped. */
  #run: AbortController | undefined
  #hls: Hls | undefined
  /** Least delay since the start: what HLS costs here. */
  #leastMs: number | undefined

  constructor(options: HlsPlayerOptions) {
    this.#options = options
  }

  start(): void {
    this.#end()
    const { audio, way, playlist, events, tap } = this.#options
    const run = new AbortController()
    const { signal } = run
    this.#run = run
    audio.addEventListener('playing', () => events.playing(), { signal })
    audio.addEventListener('waiting', () => events.buffering(), { signal })
    audio.addEventListener('ended', () => events.lost(), { signal })
    audio.addEventListener('error', () => events.lost(), { signal })
    if (way === 'library') void this.#attach(signal)
    else {
      audio.src = playlist
      this.#play()
    }
    tap.begin()
  }

  stop(): void {
    const { audio, tap } = this.#options
    const wasStarted = this.#run !== undefined
    this.#end()
    audio.pause()
    tap.rest()
    if (!wasStarted) return
    audio.removeAttribute('src')
    audio.load()
  }

  setVolume(volume: number): void {
    this.#options.audio.volume = volume
    this.#options.audio.muted = volume === 0
  }

  toLive(): void {
    const { audio } = this.#options
    const { seekable } = audio
    const newest = this.#hls?.liveSyncPosition ?? (seekable.length > 0 ? seekable.end(seekable.length - 1) : null)
    if (newest !== null && newest > audio.currentTime) audio.currentTime = newest
  }

  behindMs(): number | undefined {
    const newest = this.#options.newestAt()
    const heard = this.#heardAt()
    if (newest === undefined || heard === undefined) return undefined
    const behindMs = Math.max(0, newest - heard)
    this.#leastMs = Math.min(this.#leastMs ?? behindMs, behindMs)
    return behindMs
  }

  keptMs(): number | undefined {
    return this.#leastMs
  }

  get analyser(): AnalyserNode | undefined {
    return this.#options.tap.analyser
  }

  /** When the audible sound was on the air, in milliseconds since 1970. */
  #heardAt(): number | undefined {
    const { audio } = this.#options
    if (this.#run === undefined || audio.currentTime === 0) return undefined
    const at =
      this.#hls?.playingDate?.getTime() ?? (audio.getStartDate?.().getTime() ?? Number.NaN) + audio.currentTime * 1000
    return Number.isNaN(at) ? undefined : at
  }

  async #attach(signal: AbortSignal): Promise<void> {
    const { audio, playlist, events } = this.#options
    try {
      const library = (await import(urlAt('assets/hls.light.js'))) as typeof import('hls.js')
      if (signal.aborted) return
      const hls = new library.default(OPTIONS)
      this.#hls = hls
      hls.on(library.Events.ERROR, (_, { fatal }) => {
        if (fatal) events.lost()
      })
      hls.loadSource(playlist)
      hls.attachMedia(audio)
      this.#play()
    } catch {
      if (!signal.aborted) events.lost()
    }
  }

  #play(): void {
    const { audio, events } = this.#options
    // Other failures are reported as events.
    audio.play().catch((error: DOMException) => {
      if (error.name === 'NotAllowedError') events.refused()
    })
  }

  #end(): void {
    this.#run?.abort()
    this.#run = undefined
    this.#leastMs = undefined
    this.#hls?.destroy()
    this.#hls = undefined
  }
}
