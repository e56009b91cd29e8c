import type { HubMessage } from '../../filters/hub/message.ts'
import type { Clock } from '../system/clock.ts'

/** Receives the frames of one stream, from whatever origin. */
export interface ChoiceReceiver {
  /**
   * Frames that follow those before without a gap and without a frame twice.
   * @param payload the message in bytes, ready for the filter
   * @param begins they do not follow those before: another epoch, another origin with other frames, or frames are missing. Its message has a key.
   */
  frames(payload: Buffer, begins: boolean): void
  /** Frames are missing, or the hub was away: asks the origins to send the last seconds again. */
  askAgain(): void
}

/** What is known about one origin of a stream. */
export interface OriginState {
  readonly origin: string
  /** It is the one that is heard. */
  readonly isHeard: boolean
  /** Time since its last message, in milliseconds. */
  readonly quietMs: number
}

/** Totals since the beginning. */
export interface ChoiceCounters {
  /** Times that another origin became the heard one. */
  changes: number
  /** Frames that came more than once and were dropped. */
  duplicates: number
  /** Frames that were received again after they had been missing. */
  refilled: number
  /** Frames that never came. */
  lost: number
  /** Longest time without frames, and the sum of those above 200 ms, in milliseconds. */
  longestGapMs: number
  gapMs: number
}

/** Times of the choice, in milliseconds. */
export interface ChoiceTimes {
  /** Silence of the heard origin after which another one is heard. */
  readonly silenceMs: number
  /** Time that frames behind a gap wait for those in it. */
  readonly holdMs: number
}

/** Which origin of a stream is heard, and which frames of it are new. Knows neither the hub nor the network. */
export declare class OriginChoice {
  readonly counters: ChoiceCounters
  constructor(receiver: ChoiceReceiver, clock: Clock, times?: ChoiceTimes)
  /** Takes a message as it arrived. @param payload its bytes */
  take(origin: string, message: HubMessage, payload: Buffer): void
  /** The hub is back: what was sent meanwhile is missing. */
  reconnected(): void
  /** The origin that is heard; undefined: none. */
  get heard(): string | undefined
  origins(): readonly OriginState[]
  /** Ends its timers. */
  close(): void
}
