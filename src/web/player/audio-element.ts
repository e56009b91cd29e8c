import { DelayKeeper, type Place } from './delay-keeper.ts'
import type { LiveClock } from './live-clock.ts'
import { hasTime, Sounding } from './sounding.ts'
import type { PlayerEvents, StreamPlayer } from './stream-player.ts'
import type { Tap } from './tap-sound.ts'

/** Interval between checks of the delay, in milliseconds. */
const CHECK_EVERY_MS = 250
/** Time for which the connection is kept after a brief stop, in milliseconds. */
const BRIEF_MS = 60_000

/**
 * Plays the stream with a plain `<audio>`, which phones keep playing while they are locked.
 *
 *      line of time   ----[ began ]=========[ ear ]........[ newest ]---->
 *                            currentTime ----^   behind ----^
 *
 * The player requests a certain frame with a known timestamp, which gives the position of the audible sound on the line of
 * time. The error is about one frame (MP3 begins with one of silence) plus the network latency of the events. The buffer of
 * the sound card is not included.
 */
export class AudioElement implements StreamPlayer {
  readonly #audio: HTMLAudioElement
  readonly #sound: string
  readonly #events: PlayerEvents
  readonly #live: LiveClock
  readonly #tap: Tap
  readonly #delay: DelayKeeper
  readonly #sounding = new Sounding()
  /** Where the next start begins; undefined: at the newest sound. */
  #place: Place | undefined
  /** Defined from `start` to `stop`. */
  #checking: ReturnType<typeof setInterval> | undefined
  #releasing: ReturnType<typeof setTimeout> | undefined

  /** @param sound address of the stream. */
  constructor(audio: HTMLAudioElement, sound: string, live: LiveClock, tap: Tap, events: PlayerEvents) {
    this.#audio = audio
    this.#sound = sound
    this.#events = events
    this.#live = live
    this.#tap = tap
    this.#delay = new DelayKeeper(live)
    this.#report('playing', () => {
      this.#sounding.playing()
      events.playing()
    })
    this.#report('waiting', () => {
      this.#sounding.silent(this.#playedMs)
      events.buffering()
    })
    this.#report('ended', () => events.lost())
    this.#report('error', () => events.lost())
  }

  start(): void {
    this.#delay.forget()
    this.#begin(this.#place)
    // Slow, and playback need not wait for it.
    this.#tap.begin()
  }

  stop(isBrief = false): void {
    if (this.#isStarted && this.#heardMs > 0) this.#place = this.#delay.placeOf(this.#heardMs) ?? this.#place
    clearInterval(this.#checking)
    this.#checking = undefined
    this.#audio.pause()
    this.#tap.rest()
    clearTimeout(this.#releasing)
    if (isBrief) this.#releasing = setTimeout(() => this.#release(), BRIEF_MS)
    else this.#release()
  }

  setVolume(volume: number): void {
    this.#audio.volume = volume
    // The only control on phones that set the volume by their keys alone.
    this.#audio.muted = volume === 0
  }

  toLive(): void {
    this.#place = undefined
    if (this.#isStarted) this.#begin()
  }

  /** Goes to a position of the stream, now or at the next start. */
  goTo(at: number): void {
    const { line } = this.#live
    if (line === undefined) return
    this.#place = { at, line }
    if (this.#isStarted) this.#begin(this.#place)
  }

  /** While it is stopped, of the place where it continues. */
  behindMs(): number | undefined {
    if (this.#isStarted) return this.#delay.behindMs(this.#heardMs)
    const newest = this.#live.expected(performance.now())
    if (this.#place === undefined || newest === undefined) return undefined
    return Math.min(newest - this.#place.at, this.#live.reachMs ?? 0)
  }

  keptMs(): number | undefined {
    return this.#isStarted || this.#place === undefined ? this.#delay.keptMs() : undefined
  }

  get analyser(): AnalyserNode | undefined {
    return this.#tap.analyser
  }

  get #isStarted(): boolean {
    return this.#checking !== undefined
  }

  get #playedMs(): number {
    return this.#audio.currentTime * 1000
  }

  /** The same; 0 until it is known. */
  get #heardMs(): number {
    return hasTime(this.#playedMs) ? this.#playedMs : 0
  }

  /** Events between `stop` and `start` are ignored. */
  #report(name: string, report: () => void): void {
    this.#audio.addEventListener(name, () => this.#isStarted && report())
  }

  #begin(place?: Place): void {
    clearTimeout(this.#releasing)
    const start = this.#delay.begin(place)
    this.#audio.src = start === '' ? this.#sound : `${this.#sound}${this.#sound.includes('?') ? '&' : '?'}${start}`
    this.#sounding.silent(0)
    clearInterval(this.#checking)
    this.#checking = setInterval(() => this.#check(), CHECK_EVERY_MS)
    // Other failures are reported as events.
    this.#audio.play().catch((error: DOMException) => {
      if (error.name === 'NotAllowedError') this.#events.refused()
    })
  }

  #check(): void {
    if (this.#sounding.hasBegun(this.#playedMs)) this.#events.playing()
    if (!this.#audio.paused && this.#sounding.hasStopped(this.#playedMs)) this.#events.buffering()
    const { rate, jump } = this.#delay.pace(this.#heardMs, this.#audio.playbackRate)
    if (this.#audio.playbackRate !== rate) this.#audio.playbackRate = rate
    if (jump) this.#begin()
  }

  #release(): void {
    this.#audio.removeAttribute('src')
    this.#audio.load()
  }
}
