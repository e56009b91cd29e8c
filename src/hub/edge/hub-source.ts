import type { About, HubSourcePlan } from '../../plan/stream-plan.ts'
import { NewTitle } from '../../source/new-title.ts'
import type { Source, SourceConnection, SourcePeer } from '../../source/source.ts'
import type { ReadState } from '../hub.ts'
import type { Announced } from './announced.ts'
import { StandIn } from './stand-in.ts'
import { type ReaderParts, StreamReader } from './stream-reader.ts'

/** Surroundings of a source. */
export interface HubSourceParts extends ReaderParts {
  readonly announced: Pick<Announced, 'aboutOf'>
  /** Has the source while it is read. */
  readonly read: Set<HubSource>
}

/** Time for which frames are overdue before a relay stands in, in milliseconds: longer than the change to another server or origin. */
const STAND_IN_AFTER_MS = 1_000

/**
 * A source of a stream on the hub. Its chunks are messages of the hub for `createHubFilter`; an opening is a row of consecutive frames,
 * so it ends where frames are missing, and at the end of an epoch. While the hub has no frames, it is the bytes of a relay.
 *
 * ```
 *   hub       [1 2 3 4][7 8 9]                       [40 41 42 ...
 *   relay                      [a b c d e f g h i j k]
 *   openings  '------' '-----' '-------------------' '---
 * ```
 */
export class HubSource implements Source {
  readonly label: string
  readonly patient = true
  /** Name of the stream on the hub. */
  readonly name: string
  readonly #parts: HubSourceParts
  readonly #standIn: StandIn | undefined
  /** Reads the hub from the first opening on until `release`. */
  #reader: StreamReader | undefined
  #wake: () => void = () => {}
  /** Ends the opening of a relay. */
  #relaying: AbortController | undefined
  readonly #title = new NewTitle()
  #about: Partial<About> | undefined

  constructor({ name, relay }: HubSourcePlan, parts: HubSourceParts) {
    this.label = `hub ${name}`
    this.name = name
    this.#parts = parts
    this.#standIn = relay && new StandIn(name, relay, parts)
  }

  /** Undefined while it is not read. */
  get state(): ReadState | undefined {
    return this.#reader?.state
  }

  async open(signal: AbortSignal): Promise<SourceConnection> {
    this.#parts.read.add(this)
    this.#reader ??= new StreamReader(this.name, this.#parts, () => this.#changed())
    const peerOf = () => this.#peer()
    return {
      chunks: this.#chunks(this.#reader, signal),
      waitsFor: this.#reader.begins === undefined ? 'origin' : undefined,
      about: {},
      takeTitle: () => this.#takeTitle(),
      takeAbout: () => this.#takeAbout(),
      get peer() {
        return peerOf()
      },
    }
  }

  release(): void {
    this.#parts.read.delete(this)
    this.#reader?.close()
    this.#reader = undefined
  }

  /** Frames of the hub wait to be read. */
  #changed(): void {
    this.#wake()
    this.#relaying?.abort('the hub has frames')
  }

  async *#chunks(reader: StreamReader, signal: AbortSignal): AsyncGenerator<Buffer> {
    const wake = () => this.#wake()
    signal.addEventListener('abort', wake)
    try {
      while (!signal.aborted && reader.begins === undefined) {
        if (this.#relayPauseMs(reader) > 0) await this.#change(reader)
        else if (yield* this.#relayed(reader, signal)) return
      }
      if (!signal.aborted) yield* this.#messages(reader, signal)
    } finally {
      signal.removeEventListener('abort', wake)
    }
  }

  /** Yields the messages of one opening. */
  async *#messages(reader: StreamReader, signal: AbortSignal): AsyncGenerator<Buffer> {
    try {
      do {
        const chunk = reader.take()
        if (chunk === undefined) await this.#change(reader)
        else yield chunk
      } while (!signal.aborted && reader.begins !== true && this.#relayPauseMs(reader) > 0)
    } finally {
      if (reader.begins !== true) reader.drop()
    }
  }

  /** Yields the bytes of a relay until the hub has frames. @returns false when there were none */
  async *#relayed(reader: StreamReader, signal: AbortSignal): AsyncGenerator<Buffer, boolean> {
    const closing = new AbortController()
    const close = () => closing.abort(signal.reason)
    signal.addEventListener('abort', close)
    this.#relaying = closing
    let hasBytes = false
    try {
      for await (const chunk of this.#standIn?.chunks(closing.signal) ?? []) {
        if (!hasBytes) {
          hasBytes = true
          reader.isReplaced = true
          this.#title.set(this.#standIn?.connection?.title)
        }
        yield chunk
      }
    } finally {
      signal.removeEventListener('abort', close)
      this.#relaying = undefined
      reader.isReplaced = false
    }
    return hasBytes
  }

  /** Time until a relay stands in if no frames come, in milliseconds. */
  #relayPauseMs(reader: StreamReader): number {
    if (this.#standIn === undefined) return Number.POSITIVE_INFINITY
    return Math.max(STAND_IN_AFTER_MS - reader.overdueMs, this.#standIn.pauseMs)
  }

  /** Resolves when frames have come, when a relay is to stand in, or at an abort. */
  async #change(reader: StreamReader): Promise<void> {
    const ms = this.#relayPauseMs(reader)
    let cancel: (() => void) | undefined
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      if (ms < Number.POSITIVE_INFINITY) cancel = this.#parts.clock.after(Math.max(0, ms), resolve)
    })
    cancel?.()
  }

  #takeTitle(): string | undefined {
    this.#title.set(this.#standIn?.connection?.takeTitle?.())
    return this.#title.take()
  }

  #peer(): SourcePeer | undefined {
    const relay = this.#standIn?.connection?.peer
    if (relay !== undefined) return relay
    const heard = this.#reader?.state.heard
    return heard === undefined ? undefined : { kind: 'hub', name: heard, about: this.#knownAbout() ?? {} }
  }

  #takeAbout(): Partial<About> | undefined {
    const about = this.#knownAbout()
    if (about === this.#about) return undefined
    this.#about = about
    return about
  }

  /** How the other end describes the stream; undefined: it is not known. */
  #knownAbout(): Partial<About> | undefined {
    const { peer } = this.#standIn?.connection ?? {}
    if (peer !== undefined) return peer.about ?? {}
    return this.#parts.announced.aboutOf(this.name, this.#reader?.heard)
  }
}
