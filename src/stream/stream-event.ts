import type { SourceEvent } from '../source/supervise/source-event.ts'
import type { Stream } from './stream.ts'

interface OfListener {
  /** Number of the delivery thread that serves it; undefined: it is served here. */
  readonly thread?: number
}

/** A listener has connected. */
export interface ListenerConnected extends OfListener {
  readonly kind: 'listener connected'
  /** Unique over all threads, and never used for another listener. */
  readonly id: number
  /** IP address. */
  readonly address: string
  /** Address and port, as logged. */
  readonly client: string
  /** Address and port of the proxy that it is connected through; undefined: none is known. */
  readonly proxy?: string | undefined
  /** User agent, as the client states it. */
  readonly agent: string | undefined
  /** Name under which it has logged in; undefined: none. */
  readonly user?: string | undefined
  /** Undefined: HTTP. */
  readonly over?: 'WebSocket' | undefined
}

/** A listener has disconnected, with its totals. */
export interface ListenerDisconnected extends OfListener {
  readonly kind: 'listener disconnected'
  /** See ListenerConnected. */
  readonly id: number
  readonly address: string
  readonly client: string
  /** Duration of its connection, in milliseconds. */
  readonly ms: number
  /** Bytes and number of its frames; the header of the format and lead-ins do not count. */
  readonly bytes: number
  readonly frames: number
  readonly skipped: number
  /** See CloseReason. */
  readonly reason: string
}

/** A delivery thread has crashed, and its listeners are disconnected. */
interface ListenersLost {
  readonly kind: 'listeners lost'
  /** Number of the thread. */
  readonly thread: number
  /** Number of listeners without a 'listener disconnected'. */
  readonly count: number
}

/** The filter has recognised the format of an opening. */
interface FormatFound {
  readonly kind: 'format found'
  /** In one line. */
  readonly format: string
  /** Undefined: the filter has none. */
  readonly contentType: string | undefined
}

/** The frames that follow have another format than those before, in an opening or with a new one. */
interface FormatChanged {
  readonly kind: 'format changed'
  /** In one line; undefined: it has no description. */
  readonly format: string | undefined
}

/** Another title is valid from the next frame on. */
interface TitleChanged {
  readonly kind: 'title changed'
  /** Empty: the title is unknown from here on. */
  readonly title: string
}

/** The samples have been below the level of silence for its minimum time. */
interface SilenceBegan {
  readonly kind: 'silence began'
  /** Its highest level, in dBFS: RMS of the loudest channel over a tenth of a second; -144: all samples are zero. */
  readonly level: number
  /** Time below the level so far, in milliseconds. */
  readonly ms: number
}

/** Samples above the level of silence have followed, or sound that is not measured. */
interface SilenceEnded {
  readonly kind: 'silence ended'
  /** Duration of the whole silence, in milliseconds. */
  readonly ms: number
}

/** A file of a recording is complete. */
interface FileRecorded {
  readonly kind: 'file recorded'
  /** Its path. */
  readonly file: string
  readonly bytes: number
  /** Duration of its sound, in milliseconds. */
  readonly ms: number
}

interface OfPublisher {
  /** Address and port, as logged. */
  readonly client: string
  /** User that it has named; undefined: none. */
  readonly user: string | undefined
  /** User agent, as the client states it. */
  readonly agent: string | undefined
}

interface PublisherConnected extends OfPublisher {
  readonly kind: 'publisher connected'
}

interface PublisherDisconnected extends OfPublisher {
  readonly kind: 'publisher disconnected'
  /** In one line. */
  readonly reason: string
}

/**
 * An event of a listener. When it is moved to another stream, it connects there, with the same id, and then disconnects here. See
 * ListenersLost for those of a delivery thread that has crashed.
 */
export type ListenerEvent = ListenerConnected | ListenerDisconnected

/** An event of a stream. Nothing that happens with each frame is one. */
export type StreamEvent =
  | SourceEvent
  | ListenerEvent
  | ListenersLost
  | FormatFound
  | FormatChanged
  | TitleChanged
  | SilenceBegan
  | SilenceEnded
  | FileRecorded
  | PublisherConnected
  | PublisherDisconnected

/** An event of one of all streams. */
export interface EventOfStream {
  readonly stream: Stream
  readonly event: StreamEvent
}
