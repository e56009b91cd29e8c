import { isDeepStrictEqual } from 'node:util'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../../system/clock.ts'
import { formatDuration } from '../../text/duration.ts'
import { SourceError } from '../source.ts'
import type { Side, SideStart, Sides } from './side.ts'
import { Voice } from './voice.ts'

/** Time that a fallback has to begin before the next one is tried too, in milliseconds: files and commands take some. */
const BEGINS_WITHIN_MS = 150
/** Time after which fallbacks that could not be used are tried again, in milliseconds. */
const RETRY_MS = 2_000

/** Result of a fallback that cannot be used now. */
const UNUSABLE = false

/**
 * Decides which side is heard: the source while it has frames; when it has had none for a time, the first fallback that has frames
 * of the same format; and the source again with its next frame.
 *
 * ```
 *   source      [f][f][f]                          [f][f][f]
 *   fallback      ...          [f][f][f][f][f][f][f] ...
 *   heard       [f][f][f]      [f][f][f][f][f][f][f][f][f][f]
 *                        |<-->| afterMs; the fallback begins with a burst of that time
 * ```
 */
export class Selection {
  /** The heard side, or the source if it is awaited; undefined: none has frames. */
  current: Voice | undefined
  /** Time since which `current` is heard, in milliseconds of the clock. */
  since: number
  readonly #sides: Sides
  /** Names of the fallbacks, in order of preference. */
  #others: readonly string[]
  readonly #afterMs: number
  readonly #clock: Clock
  readonly #log: Logger
  /** Notifies the reader that `current` has changed or has pieces. */
  readonly #changed: () => void
  /** Called when a fallback is heard from now on, or not any more. */
  readonly #heard: (isFallback: boolean) => void
  /** The connection to the source. It is a listener, so it keeps the source open. */
  #own: Voice | undefined
  /** Fallbacks that were connected and have no frames yet. */
  readonly #candidates = new Map<string, Voice>()
  /** Fallbacks of another format, until the source is back. */
  readonly #refused = new Set<string>()
  /** Names and formats of refusals that were logged. */
  readonly #logged = new Set<string>()
  /** Time at which the last sound has ended; undefined: there was none. */
  #soundUntil: number | undefined
  #isOpen = false
  #cancelCheck: (() => void) | undefined
  #cancelSearch: (() => void) | undefined

  constructor(
    sides: Sides,
    afterMs: number,
    clock: Clock,
    log: Logger,
    changed: () => void,
    heard: (isFallback: boolean) => void = () => {},
  ) {
    this.#heard = heard
    this.#sides = sides
    this.#others = sides.others
    this.#afterMs = afterMs
    this.#clock = clock
    this.#log = log
    this.#changed = changed
    this.since = clock.now()
  }

  /** Connects to the source. Without effect while it is open. */
  open(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#soundUntil = undefined
    this.#connectOwn('default')
    this.#become(this.#own)
    if (this.#own === undefined) this.#search(0)
  }

  /** Disconnects from all sides. */
  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#leaveFallbacks('the stream is closed')
    this.#own?.leave()
    this.#own = undefined
    this.#become(undefined)
    this.#cancelCheck?.()
  }

  /** Replaces the fallbacks. One that is heard and is none of them is left. @param names in order of preference */
  useOthers(names: readonly string[]): void {
    if (isDeepStrictEqual(names, this.#others)) return
    this.#others = names
    this.#refused.clear()
    const { current } = this
    if (current?.name !== undefined && !names.includes(current.name)) this.#lost(current, 'another fallback is set')
    else if (this.#isSearching) {
      this.#leaveFallbacks('another fallback is set')
      this.#search(0)
    }
  }

  #connectOwn(start: SideStart): void {
    const before = this.#own
    const { own } = this.#sides
    this.#own = own.isFinished
      ? undefined
      : new Voice(undefined, own, start, this.#clock, (voice) => this.#ownChanged(voice))
    // Only now, because a source without listeners may be closed.
    before?.leave()
  }

  #ownChanged(voice: Voice): void {
    if (voice !== this.#own) return
    if (voice.isOver) this.#reconnectOwn(voice)
    else if (voice.hasPieces && this.current !== voice) this.#backToOwn(voice)
    this.#changed()
  }

  /** The source goes on with another format, or its bytes are refused; the next ones are waited for. */
  #reconnectOwn(voice: Voice): void {
    // What has ended for good is silent from now on.
    if (this.#sides.own.isFinished) return
    this.#connectOwn('next')
    if (this.current === voice) this.#become(this.#own)
  }

  #backToOwn(voice: Voice): void {
    this.#leaveFallbacks('the source has frames')
    this.#refused.clear()
    this.#become(voice)
  }

  #become(voice: Voice | undefined): void {
    const wasFallback = this.current?.name !== undefined
    const isFallback = voice?.name !== undefined
    if (isFallback !== wasFallback) this.#heard(isFallback)
    this.current = voice
    this.since = this.#clock.now()
    this.#cancelCheck?.()
    this.#cancelCheck = voice && this.#clock.after(this.#afterMs, () => this.#check(voice))
  }

  /** One timer for an interval, not one for each frame. */
  #check(voice: Voice): void {
    const leftMs = this.#leftMs(voice)
    if (leftMs > 0) this.#cancelCheck = this.#clock.after(leftMs, () => this.#check(voice))
    // What has arrived while the program was busy is read first.
    else this.#cancelCheck = this.#clock.after(0, () => this.#confirm(voice))
  }

  #confirm(voice: Voice): void {
    if (this.#leftMs(voice) > 0) this.#check(voice)
    else this.#lost(voice)
  }

  #leftMs(voice: Voice): number {
    return voice.soundUntil + this.#afterMs - this.#clock.now()
  }

  /** The heard side has no frames any more, or must not be heard. */
  #lost(voice: Voice, reason = this.#absenceOf(voice.side)): void {
    this.#soundUntil = voice.soundUntil
    if (voice.name === undefined) this.#connectOwn('next')
    else this.#leaveFallbacks(reason)
    this.#become(undefined)
    this.#changed()
    this.#search(0)
  }

  #leaveFallbacks(reason: string): void {
    this.#cancelSearch?.()
    for (const candidate of this.#candidates.values()) candidate.leave()
    this.#candidates.clear()
    const heard = this.current
    if (heard?.name === undefined) return
    heard.leave()
    const time = `${((this.#clock.now() - this.since) / 1000).toFixed(1)}s`
    this.#log.info('fallback ended', { fallback: heard.name, time, reason })
  }

  /** Connects to fallbacks one after the other, until one is used. */
  #search(index: number): void {
    this.#cancelSearch?.()
    const name = this.#others[index]
    if (name === undefined) {
      this.#cancelSearch = this.#clock.after(RETRY_MS, () => this.#search(0))
      return
    }
    this.#cancelSearch = this.#clock.after(BEGINS_WITHIN_MS, () => this.#search(index + 1))
    void this.#tryOrNext(name, index)
  }

  async #tryOrNext(name: string, index: number): Promise<void> {
    const isUsable = await this.#tryFallback(name)
    if (!isUsable && this.#isSearching) this.#search(index + 1)
  }

  get #isSearching(): boolean {
    return this.#isOpen && this.current === undefined
  }

  /** @returns false when it cannot be used now */
  async #tryFallback(name: string): Promise<boolean> {
    if (this.#candidates.has(name)) return true
    if (this.#refused.has(name)) return UNUSABLE
    try {
      const side = await this.#sides.find(name)
      const isOffered = this.#others.includes(name) && !this.#candidates.has(name)
      if (!this.#isSearching || !isOffered) return true
      return !this.#refuses(name, side) && this.#connect(name, side)
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      this.#log.debug('fallback not available', { fallback: name, error: error.message })
      return UNUSABLE
    }
  }

  #connect(name: string, side: Side): boolean {
    const voice = new Voice(name, side, this.#startOf(side), this.#clock, (own) => this.#fallbackChanged(own))
    this.#candidates.set(name, voice)
    this.#fallbackChanged(voice)
    return this.#candidates.has(name) || this.current === voice
  }

  /** Players have played for as long as it was silent, so that is what their buffers lack. */
  #startOf(side: Side): SideStart {
    if (side.quietMs === undefined || side.quietMs > this.#afterMs) return 'next'
    return this.#soundUntil === undefined ? 'default' : { burstMs: this.#clock.now() - this.#soundUntil }
  }

  #fallbackChanged(voice: Voice): void {
    if (this.current === voice) {
      if (voice.isOver) this.#lost(voice)
      else this.#changed()
    } else if (this.#candidates.get(voice.name ?? '') === voice) this.#consider(voice)
  }

  #consider(voice: Voice): void {
    const { name = '', side } = voice
    if (voice.isOver || (voice.hasPieces && this.#refuses(name, side))) {
      this.#candidates.delete(name)
      voice.leave()
    } else if (voice.hasPieces) this.#use(name, voice)
  }

  #use(name: string, voice: Voice): void {
    this.#candidates.delete(name)
    this.#leaveFallbacks('')
    this.#become(voice)
    this.#log.info('fallback started', { fallback: name, reason: this.#absenceOf(this.#sides.own) })
    this.#changed()
  }

  #absenceOf({ absence }: Side): string {
    return absence ?? `no frames for ${formatDuration(this.#afterMs)}`
  }

  /** A player cannot go on with another format. Where the format of the source is not known, any is accepted. */
  #refuses(name: string, { format }: Side): boolean {
    const { format: wanted } = this.#sides.own
    if (format === undefined || wanted === undefined || format === wanted) return false
    this.#refused.add(name)
    const key = JSON.stringify([name, format, wanted])
    if (!this.#logged.has(key)) this.#log.warn('fallback refused', { fallback: name, format, wanted })
    this.#logged.add(key)
    return true
  }
}
