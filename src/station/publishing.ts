import type { PublishPlan, StreamPlan } from '../plan/stream-plan.ts'
import type { SourcePeer } from '../source/source.ts'
import type { Stream } from '../stream/stream.ts'

/** A publisher that asks to send sound: a program, or the microphone of a browser. */
export interface Publisher {
  /** Its address and its user, or a word of a browser's page: a newer connection of the same publisher takes over. */
  readonly identity: string
  readonly peer: SourcePeer
  /**
   * Its bytes are not read any more: disconnects it. It has left already. Causes are a newer publisher (see `REPLACED`), silence
   * for longer than `PublishPlan.timeoutMs`, bytes that no filter reads, and a stream that is removed.
   * @param reason in one line, for the log
   */
  ended(reason: string): void
  /** Called when its feed can take more, after a `push` that has returned false. */
  drained(): void
}

/** Reason of `Publisher.ended` for a publisher whose place a newer one has taken. */
export const REPLACED = 'replaced by a newer connection'

/** A publisher that is on air. */
export interface Publication {
  readonly stream: Stream
  /** Takes ownership of a chunk. @returns false when the publisher is to be read again only after `drained` */
  push(chunk: Buffer): boolean
  /** Sets the title of the bytes that follow, in one line. */
  setTitle(title: string): void
  /**
   * Leaves the stream, which then waits for the next publisher. Bytes that wait are still read. Without effect after `ended`.
   * @param reason in one line, for the log; undefined: it has disconnected
   */
  leave(reason?: string): void
  /** Disconnects the publisher, which may connect again. @param reason in one line, for the log */
  end(reason: string): void
}

/** Why nothing can be published at a path, or not now. */
export type PublishRefusal =
  | 'the path is not valid'
  | 'a page has this path'
  | 'there is no stream to publish at this path'
  | 'this stream has a source of its own'
  | 'another publisher is on air'
  | 'too many streams are published'

/** A path at which can be published. */
export interface PublishPoint {
  readonly path: string
  readonly plan: StreamPlan
  /** Rules for programs; undefined: only browsers may publish here. */
  readonly rules: PublishPlan | undefined
  /** Its publisher on air; undefined: none. */
  readonly publication: Publication | undefined
  /** Puts a publisher on air, unless another one keeps its place. */
  publish(publisher: Publisher): Publication | PublishRefusal
}

/** The paths at which can be published. */
export interface Publishing {
  /** Returns the point at a decoded path. Nothing is created before something is published there. */
  at(path: string): Promise<PublishPoint | PublishRefusal>
  /** Returns the points of configured streams, in the order of the configuration. */
  points(): readonly PublishPoint[]
}
