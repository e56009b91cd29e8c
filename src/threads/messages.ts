import type { LogRecord } from '@logtape/logtape'
import type { NumberedFormat } from '../../filters/numbering.ts'
import type { SharedConnections } from '../access/connection-limits.ts'
import type { ListenAnswer, ListenQuestion } from '../access/listen-gate.ts'
import type { RefusalCause } from '../access/refusal-counts.ts'
import type { CloseReason } from '../delivery/listener.ts'
import type { Address } from '../plan/program-plan.ts'
import type { StreamPlan } from '../plan/stream-plan.ts'
import type { RingSize } from '../ring/ring.ts'
import type { ListenerEvent } from '../stream/stream-event.ts'
import type { Title } from '../stream/titles.ts'
import type { KeyPair } from '../tls/certificate.ts'
import type { Origin } from '../transport/origin.ts'

/** Settings of a delivery thread. */
export interface ThreadSettings {
  readonly address: Address
  readonly headerTimeoutMs: number
  /** See `ClientsPlan`. */
  readonly trustedProxies: readonly string[] | undefined
  /** Lines of the access log are collected. */
  readonly hasAccessLog: boolean
  /** Undefined: connections are not limited. */
  readonly connections: SharedConnections | undefined
  /** Banned addresses and ranges; undefined: none can be. */
  readonly banned: readonly string[] | undefined
  /** Limit for writes that clients have not accepted yet, in bytes. */
  readonly writeMemory: number
  /** Memory for the rings of one thread, in bytes. */
  readonly ringBytes: number
  /** For TLS; undefined: TLS is not enabled. */
  readonly pair: KeyPair | undefined
  /** Log every detail. */
  readonly debug: boolean
}

/** The same, with the values of one thread. */
export interface ThreadData extends ThreadSettings {
  /** From 1 on; the main thread has no number. */
  readonly thread: number
  /** Its place among the counts of `connections`. */
  readonly slot: number
  /** A number (Float64) in shared memory: total bytes of frames that the thread has received. */
  readonly taken: SharedArrayBuffer
}

/** One end of a forwarded connection to the other; see `ForwardedSocket`. */
export type ForwardedStep =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'taken'; readonly count: number }
  | { readonly kind: 'end' | 'closed' }

/** A step of one of the connections that a thread has forwarded on. */
export interface ForwardedMessage {
  readonly kind: 'forwarded'
  readonly id: number
  readonly step: ForwardedStep
}

/** State of a stream besides its frames. */
export interface StreamState {
  readonly plan: StreamPlan
  readonly contentType: string | undefined
  readonly isRaw: boolean
  /** False: no frame needs bytes before it. */
  readonly hasPreambles: boolean
  readonly numbering: NumberedFormat | undefined
  readonly header: Uint8Array
  readonly joinFrom: number
  readonly seqShift: number
  readonly refusal: string | undefined
  readonly isFinished: boolean
}

/** An event of a stream, after the frames of the same message. */
export type NewsEvent = 'format changed' | 'opening ended' | 'source refused' | 'finished'

/**
 * New frames and state of a stream. The frames are in the newest segment, one after the other:
 *
 *      segment   [ . . . . |frame|frame|  frame  |frame| . . . . ]
 *                          ^ offset      lengths
 */
export interface StreamUpdate {
  readonly id: number
  /** The number of the first frame. */
  readonly from: number
  readonly offset: number
  /** In bytes, and in microseconds, frame by frame. */
  readonly lengths: Uint32Array
  readonly durations: Float64Array
  /** Bytes that the ring of a replica keeps where frames have no known duration. */
  readonly ringBytes: number
  /** Undefined: as before. */
  readonly state: StreamState | undefined
  /** The last titles of the ring; undefined: as before. */
  readonly titles: readonly Title[] | undefined
  readonly event: NewsEvent | undefined
}

/** Frames with the state that they belong to. */
export type WholeNews = StreamUpdate & { readonly state: StreamState }

/** A stream that a thread has requested. */
export interface FoundStream {
  readonly id: number
  /** The newest frames and the state; undefined when the thread has the stream already. */
  readonly whole: WholeStream | undefined
}

/** Everything that a replica of a stream is made of. */
export interface WholeStream {
  readonly size: RingSize
  /** The newest frames of the ring; those that it is too short for are served by the main thread. */
  readonly news: WholeNews
  /** Counters of the thread's listeners, in shared memory; see `counts.ts`. */
  readonly counts: SharedArrayBuffer
}

/** The frame at which a listener wants to begin; see FrameFilter.preamble. */
export interface JoinRequest {
  readonly from: number
  readonly joining: boolean
  readonly missedFrom: number
}

/** The first frame at which it can begin. */
export interface JoinPoint extends JoinRequest {
  /** No listener can begin between the requested frame and this one. */
  readonly at: number
  /** The bytes before it; null when the frame has not arrived yet. */
  readonly preamble: Uint8Array | null
}

/** Listeners are to be moved to another stream; see `Visits.move`. */
export interface MoveListeners {
  readonly kind: 'move listeners'
  /** Paths of the streams. */
  readonly from: string
  readonly to: string
  readonly id: number | undefined
}

/** A message from the main thread to a delivery thread. */
export type Order =
  | { readonly kind: 'segment'; readonly memory: SharedArrayBuffer }
  | { readonly kind: 'found'; readonly ask: number; readonly stream: FoundStream | undefined }
  | { readonly kind: 'not found'; readonly ask: number; readonly why: string }
  | { readonly kind: 'news'; readonly news: StreamUpdate }
  | { readonly kind: 'join point'; readonly id: number; readonly joinPoint: JoinPoint }
  | { readonly kind: 'pair'; readonly pair: KeyPair }
  | { readonly kind: 'access'; readonly listener: number; readonly answer: ListenAnswer }
  | { readonly kind: 'make room'; readonly client: string }
  | { readonly kind: 'shun'; readonly network: string; readonly ms: number }
  | { readonly kind: 'end listener'; readonly id: number; readonly why: CloseReason }
  | MoveListeners
  | { readonly kind: 'banned'; readonly entries: readonly string[] }
  | ForwardedMessage
  | { readonly kind: 'shut' | 'end' }

/** A log record between threads. */
export type PostedRecord = Pick<LogRecord, 'level' | 'timestamp' | 'properties'> & { readonly message: string }

/** A message of a delivery thread about its listeners. */
export type ListenerReport =
  | { readonly kind: 'join'; readonly id: number; readonly request: JoinRequest }
  | { readonly kind: 'came' | 'left'; readonly id: number }
  | { readonly kind: 'event'; readonly id: number; readonly event: ListenerEvent }

/** A question of a delivery thread whether a client may have a stream; and the end of the listener. */
export type AccessReport =
  | { readonly kind: 'may listen'; readonly stream: number; readonly question: ListenQuestion }
  | { readonly kind: 'gone'; readonly listener: number }

/** A message from a delivery thread to the main thread. */
export type Report =
  | ListenerReport
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'find'; readonly ask: number; readonly path: string }
  | { readonly kind: 'log'; readonly record: PostedRecord }
  | { readonly kind: 'no room'; readonly client: string }
  | { readonly kind: 'accessed'; readonly lines: string }
  | { readonly kind: 'refused'; readonly cause: RefusalCause }
  | AccessReport
  | { readonly kind: 'forward'; readonly id: number; readonly origin: Origin }
  | ForwardedMessage
  | { readonly kind: 'shut' | 'ended' }
