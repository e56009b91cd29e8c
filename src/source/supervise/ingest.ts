import type { About } from '../../plan/stream-plan.ts'
import type { SourcePeer } from '../source.ts'

/** Result of one opening, as its ingest counted it. */
export interface Yield {
  readonly frames: number
  /** Its frames were emitted in real time. */
  readonly paced: boolean
  /** Why its last bytes were not usable; undefined: no problem. */
  readonly failure?: Error | undefined
}

/** Receiver of a source's bytes. */
export interface Ingest {
  /** An opening begins, and lasts until it ends or `signal` aborts. */
  opened(signal: AbortSignal): void
  /** The source has a title for the bytes that follow. */
  titled(title: string): void
  /** The origin of the bytes that follow is known. */
  connected(peer: SourcePeer): void
  /** Their origin describes the stream in this way from now on. */
  described(about: Partial<About>): void
  /**
   * Takes ownership of a chunk. If it returns a promise, the next chunk follows when that is resolved.
   * @throws when the bytes are not usable; the source is then closed, as after a failure.
   */
  chunk(bytes: Buffer): Promise<void> | undefined
  /** The opening has ended, and everything it created has been released. */
  closed(): Promise<Yield>
  /** The source is closed and will be opened again; or it is open, and waits for its writer. */
  away(): void
  /** Whether the stream of the source has listeners. */
  readonly hasListeners: boolean
  /** The source has ended for good: by reaching its end, or by `failure`. */
  finished(failure: Error | undefined): void
}
