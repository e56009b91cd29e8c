import type { Logger } from '@logtape/logtape'
import type { About } from '../../plan/stream-plan.ts'
import type { Clock } from '../../system/clock.ts'
import { NewTitle } from '../new-title.ts'
import type { Source, SourceConnection, SourcePeer } from '../source.ts'
import { Selection } from './selection.ts'
import type { Sides } from './side.ts'
import type { Voice } from './voice.ts'

/** What is heard in place of a source. */
export interface HeardFallback {
  readonly kind: 'stream' | 'files'
  /** Path of the other stream, or of a file or folder. */
  readonly name: string
  /** Time at which it began, in milliseconds of the clock. */
  readonly since: number
}

/** Settings of a switch between a source and its fallbacks. */
export interface FallbackOptions {
  readonly sides: Sides
  /** Time without frames after which a fallback begins, in milliseconds. */
  readonly afterMs: number
  /** Path of the stream. */
  readonly path: string
  /** Called when the stream of the source has another description. */
  readonly described: (about: About) => void
  /** Called when a fallback is heard from now on, or not any more. */
  readonly heard: (isFallback: boolean) => void
  /** Called when the switch is closed. Resolved when the stream of the source is closed. */
  readonly closed: (reason: string) => Promise<void>
}

/**
 * A source that yields the bytes of one side per opening, so that each change is one of openings, between two frames, and each
 * opening begins with what a joiner gets.
 */
export class FallbackSource implements Source {
  readonly label: string
  readonly patient = true
  /** An opening of a few frames may yield none; the next one is not to wait for that. */
  readonly tries = 8
  readonly #options: FallbackOptions
  readonly #selection: Selection
  /** The reader waits for a piece. */
  #wake: () => void = () => {}
  readonly #title = new NewTitle()
  #about: About | undefined

  constructor(options: FallbackOptions, clock: Clock, log: Logger) {
    this.label = options.path
    this.#options = options
    this.#selection = new Selection(options.sides, options.afterMs, clock, log, () => this.#wake(), options.heard)
  }

  get heard(): HeardFallback | undefined {
    const { current, since } = this.#selection
    return current?.name === undefined ? undefined : { kind: current.side.kind, name: current.name, since }
  }

  /** Replaces the fallbacks; see `Sides.others`. */
  useFallbacks(names: readonly string[]): void {
    this.#selection.useOthers(names)
  }

  /** Sound follows at once when an opening ends. */
  get goesOn(): boolean {
    return this.#selection.current?.hasPieces === true
  }

  async open(signal: AbortSignal): Promise<SourceConnection> {
    this.#selection.open()
    const peerOf = () => this.#peer()
    return {
      chunks: this.#chunks(signal),
      waitsFor: this.goesOn ? undefined : 'source',
      about: {},
      takeTitle: () => this.#title.take(),
      get peer() {
        return peerOf()
      },
    }
  }

  release(): void {
    this.#selection.close()
  }

  async *#chunks(signal: AbortSignal): AsyncGenerator<Buffer> {
    const wake = () => this.#wake()
    signal.addEventListener('abort', wake)
    let voice: Voice | undefined
    try {
      while (!signal.aborted) {
        voice ??= this.goesOn ? this.#selection.current : undefined
        const piece = voice?.take()
        if (piece !== undefined) {
          this.#title.set(piece.title)
          if (voice?.name === undefined) this.#describe()
          yield piece.bytes
        } else if (voice !== undefined && voice !== this.#selection.current) return
        else await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      signal.removeEventListener('abort', wake)
      if (signal.aborted) {
        this.#selection.close()
        await this.#options.closed(String(signal.reason))
      }
    }
  }

  /** The description stays that of the source, whatever is heard. */
  #peer(): SourcePeer | undefined {
    const { current } = this.#selection
    const { own } = this.#options.sides
    if (current?.name !== undefined) return undefined
    return { kind: 'stream', name: this.#options.path, about: own.about, contentType: own.contentType }
  }

  #describe(): void {
    const { about } = this.#options.sides.own
    if (about === this.#about) return
    this.#about = about
    this.#options.described(about)
  }
}
