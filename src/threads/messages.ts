import type { LogRecord } from '@logtape/logtape'
import type { NumberedFormat } from '../../filters/numbering.ts'
import type { DeliveryPolicy } from '../delivery/delivery.ts'
import type { RingSize } from '../ring/ring.ts'
import type { Title } from '../stream/titles.ts'
import type { KeyPair } from '../tls/key-pair.ts'
import type { Address } from '../transport/listening.ts'
import type { Origin } from '../transport/origin.ts'
import type { RouteOptions } from '../transport/routes.ts'

/** What a delivery thread is started with. */
export interface ThreadSettings {
  readonly address: Address
  readonly headerTimeoutMs: number
  readonly policy: DeliveryPolicy
  /** Memory for the rings of one thread, in bytes. */
  readonly ringBytes: number
  readonly routes: RouteOptions
  /** For TLS; undefined: it is not spoken. */
  readonly pair: KeyPair | undefined
  /** Log every detail. */
  readonly debug: boolean
}

/** And what makes it one of several. */
export interface ThreadData extends ThreadSettings {
  /** From 1 on; the main thread is none of them. */
  readonly thread: number
  /** A number (Float64) in shared memory: all bytes of frames that the thread has taken over so far. */
  readonly taken: SharedArrayBuffer
}

/** One end of a passed connection to the other; see `PassedSocket`. */
export type PassedStep =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'taken'; readonly count: number }
  | { readonly kind: 'end' | 'closed' }

/** A step of one of the connections that a thread has passed on. */
export interface PassedMessage {
  readonly kind: 'passed'
  readonly id: number
  readonly step: PassedStep
}

/** What is known of a stream besides its frames. */
export interface StreamState {
  readonly contentType: string | undefined
  readonly isRaw: boolean
  /** False: nothing ever goes before a frame. */
  readonly hasPreambles: boolean
  readonly numbering: NumberedFormat | undefined
  readonly header: Uint8Array
  readonly joinFrom: number
  readonly refusal: string | undefined
  readonly isFinished: boolean
}

/** What else happened, behind the frames. */
export type StreamEvent = 'format changed' | 'opening ended' | 'source refused' | 'finished'

/**
 * What is new in a stream. The frames lie one behind the other in the newest segment:
 *
 *      segment   [ . . . . |frame|frame|  frame  |frame| . . . . ]
 *                          ^ offset      lengths
 */
export interface StreamNews {
  readonly id: number
  /** The number of the first frame. */
  readonly from: number
  readonly offset: number
  /** In bytes, and in microseconds, frame by frame. */
  readonly lengths: Uint32Array
  readonly durations: Float64Array
  /** How much the ring holds, in bytes. */
  readonly ringBytes: number
  /** Undefined: as before. */
  readonly state: StreamState | undefined
  /** All that the ring has; undefined: as before. */
  readonly titles: readonly Title[] | undefined
  readonly event: StreamEvent | undefined
}

/** A stream that a thread has asked for. */
export interface FoundStream {
  readonly id: number
  /** What the ring holds, and all that is known; undefined when the thread knows the stream already. */
  readonly whole: WholeStream | undefined
}

/** All that makes a replica of a stream. */
export interface WholeStream {
  readonly size: RingSize
  readonly news: StreamNews
  /** What the thread's listeners got so far, in shared memory; see `counts.ts`. */
  readonly counts: SharedArrayBuffer
}

/** Where a listener would like to begin, and how; see FrameFilter.preamble. */
export interface Wish {
  readonly from: number
  readonly joining: boolean
  readonly missedFrom: number
}

/** Where it can, at the soonest. */
export interface Beginning extends Wish {
  /** Nobody can at the frames before this one. */
  readonly at: number
  /** What goes before it; null when it is still to come, so that nothing is known of it. */
  readonly preamble: Uint8Array | null
}

/** The main thread says to a delivery thread. */
export type Order =
  | { readonly kind: 'segment'; readonly memory: SharedArrayBuffer }
  | { readonly kind: 'found'; readonly ask: number; readonly stream: FoundStream | undefined }
  | { readonly kind: 'not found'; readonly ask: number; readonly why: string }
  | { readonly kind: 'news'; readonly news: StreamNews }
  | { readonly kind: 'beginning'; readonly id: number; readonly beginning: Beginning }
  | { readonly kind: 'routes'; readonly routes: RouteOptions }
  | { readonly kind: 'pair'; readonly pair: KeyPair }
  | { readonly kind: 'make room'; readonly client: string }
  | PassedMessage
  | { readonly kind: 'count' | 'shut' | 'end' }

/** A record of the log, as it goes from thread to thread. */
export type PostedRecord = Pick<LogRecord, 'level' | 'timestamp' | 'properties'> & { readonly message: string }

/** What a delivery thread says of its listeners. */
export type ListenerReport =
  | { readonly kind: 'begin'; readonly id: number; readonly wish: Wish }
  | { readonly kind: 'came' | 'left'; readonly id: number }

/** A delivery thread says to the main thread. */
export type Report =
  | ListenerReport
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'find'; readonly ask: number; readonly path: string }
  | { readonly kind: 'log'; readonly record: PostedRecord }
  | { readonly kind: 'no room'; readonly client: string }
  | { readonly kind: 'pass'; readonly id: number; readonly origin: Origin }
  | PassedMessage
  | { readonly kind: 'counted' | 'shut' | 'ended' }
