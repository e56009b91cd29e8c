import { DelayKeeper } from './delay-keeper.ts'
import type { LiveClock } from './live-clock.ts'
import type { PlayerEvents, StreamPlayer } from './stream-player.ts'
import { type Tap, tapSound } from './tap-sound.ts'

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
  readonly #tap: Tap
  readonly #delay: DelayKeeper
  /** Defined from `start` to `stop`. */
  #checking: ReturnType<typeof setInterval> | undefined
  #releasing: ReturnType<typeof setTimeout> | undefined

  /** @param sound address of the stream. */
  constructor(audio: HTMLAudioElement, sound: string, live: LiveClock, events: PlayerEvents) {
    this.#audio = audio
    this.#sound = sound
    this.#events = events
    this.#tap = tapSound(audio)
    this.#delay = new DelayKeeper(live)
    this.#report('playing', () => events.playing())
    this.#report('waiting', () => events.buffering())
    this.#report('ended', () => events.lost())
    this.#report('error', () => events.lost())
  }

  start(): void {
    this.#delay.forget()
    this.#begin()
    // Slow, and playback need not wait for it.
    this.#tap.begin()
  }

  stop(isBrief = false): void {
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
    this.#begin()
  }

  behindMs(): number | undefined {
    return this.#delay.behindMs(this.#playedMs)
  }

  keptMs(): number | undefined {
    return this.#delay.keptMs()
  }

  get analyser(): AnalyserNode | undefined {
    return this.#tap.analyser
  }

  get #playedMs(): number {
    return this.#audio.currentTime * 1000
  }

  /** Events between `stop` and `start` are ignored. */
  #report(name: string, report: () => void): void {
    this.#audio.addEventListener(name, () => this.#checking !== undefined && report())
  }

  #begin(): void {
    clearTimeout(this.#releasing)
    const frame = this.#delay.begin()
    this.#audio.src =
      frame === undefined ? this.#sound : `${this.#sound}${this.#sound.includes('?') ? '&' : '?'}at=${frame}`
    clearInterval(this.#checking)
    this.#checking = setInterval(() => this.#check(), CHECK_EVERY_MS)
    // Other failures are reported as events.
    this.#audio.play().catch((error: DOMException) => {
      if (error.name === 'NotAllowedError') this.#events.refused()
    })
  }

  #check(): void {
    const { rate, jump } = this.#delay.pace(this.#playedMs, this.#audio.playbackRate)
    if (this.#audio.playbackRate !== rate) this.#audio.playbackRate = rate
    if (jump) this.#begin()
  }

  #release(): void {
    this.#audio.removeAttribute('src')
    this.#audio.load()
  }
}
