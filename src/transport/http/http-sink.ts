import type { Socket } from 'node:net'
import type { Sink, SinkOwner } from '../../delivery/listener.ts'
import type { ServedStream } from '../../stream/served-stream.ts'
import type { Clock } from '../../system/clock.ts'
import type { CloseQueue } from '../close-queue.ts'
import { HALF_CLOSE_WITHIN_MS, HALF_CLOSED_QUIET_MS } from '../connection-timeouts.ts'
import { givenUpFor } from '../given-up.ts'
import { isTls } from '../origin.ts'

/** The socket of a listener has a reference to its sink, so that all listeners share the handlers below. */
const SINK = Symbol('sink')
interface ListenerSocket extends Socket {
  [SINK]?: HttpSink
}

/** Beginning and end of a stream response. */
export interface HttpSinkOptions {
  /** Makes the response head; called once, when it is written. */
  readonly head: () => Buffer
  /** Makes the whole response when the source is refused before anything was written. @param why in one line */
  readonly refusal: (why: string) => Buffer
  /** First bytes of the body, before the first frame. */
  readonly prefix: Buffer
  /** Length of the body, in bytes; undefined: it has no end. */
  readonly bodyBytes: number | undefined
  /** Write timeout in milliseconds, after which the client is disconnected. 0 disables it. */
  readonly timeoutMs: number
  /** Queue of sockets to destroy. */
  readonly closeQueue: CloseQueue
  readonly clock: Clock
  /** Called once, when the connection is closed and the owner has been notified. */
  readonly closed: () => void
}

/** Writes a listener's bytes to a bare socket: a listener costs a few kB then, a third of what it costs with node:http. */
export class HttpSink implements Sink {
  owner: SinkOwner | undefined
  /** True when nothing more will be written. */
  isEnding = false
  protected readonly socket: ListenerSocket
  /** Half of the write timeout over TLS: Node.js checks twice, because it counts encryption as progress the first time. */
  readonly #timeoutMs: number
  readonly #closeQueue: CloseQueue
  readonly #closed: () => void
  readonly #clock: Clock
  /** Time since which the client's bytes are read, by the clock: a FIN soon after it may have waited for that. */
  #readingSince: number
  #cancelQuiet: (() => void) | undefined
  /** Makes the first bytes; dropped once they are written, to free the memory that it refers to. */
  #beginning: Pick<HttpSinkOptions, 'head' | 'prefix' | 'refusal'> | undefined
  /** Bytes of the body that are still to be written, if it has an end. */
  #left: number | undefined

  constructor(socket: Socket, options: HttpSinkOptions) {
    this.socket = socket
    this.#timeoutMs = isTls(socket) ? options.timeoutMs / 2 : options.timeoutMs
    this.#closeQueue = options.closeQueue
    this.#closed = options.closed
    this.#clock = options.clock
    this.#readingSince = options.clock.now()
    this.#beginning = { head: options.head, prefix: options.prefix, refusal: options.refusal }
    this.#left = options.bodyBytes
    this.socket[SINK] = this
    socket.on('end', onEnd)
    socket.on('close', onClose)
    socket.on('timeout', onTimeout)
    // Nothing more is expected from a listener, but only a socket that is read reports the end of its connection.
    socket.resume()
  }

  /** Writes the head before there is a frame, so that the client does not wait for a response. */
  begin(): void {
    if (this.#beginning === undefined || this.isEnding) return
    const { head, prefix } = this.#beginning
    this.#beginning = undefined
    this.socket.write(head())
    this.writePart(prefix)
  }

  write(bytes: Buffer, before: Buffer): boolean {
    if (this.#beginning === undefined && before.length === 0) this.writePart(bytes)
    else this.#writeFirst(before, bytes)
    if (this.socket.writableLength === 0) return true
    this.socket.once('drain', onDrain)
    this.#startTimeout()
    return false
  }

  end(): void {
    if (this.isEnding) return
    this.isEnding = true
    if (this.socket.writableLength > 0) this.#startTimeout()
    this.socket.destroySoon()
  }

  refuse(why: string): void {
    const refusal = this.isEnding ? undefined : this.#beginning?.refusal(why)
    this.#beginning = undefined
    if (refusal !== undefined) this.socket.write(refusal)
    this.end()
  }

  /** Its bytes are the same whichever stream they are of. */
  follow(_stream: ServedStream): void {}

  /**
   * Each part of a write that the client accepts restarts the time. So would bytes from the client, so none are read meanwhile.
   */
  #startTimeout(): void {
    this.socket.pause()
    this.socket.setTimeout(this.#timeoutMs)
  }

  /** Writes more than the shared Buffer, still in one system call. */
  #writeFirst(before: Buffer, bytes: Buffer): void {
    this.socket.cork()
    this.begin()
    this.writePart(before)
    this.writePart(bytes)
    this.socket.uncork()
  }

  /** Writes a part of the body. */
  protected writePart(bytes: Buffer): void {
    if (bytes.length === 0 || this.isEnding) return
    if (this.#left === undefined) this.socket.write(bytes)
    else this.#writeWithin(this.#left, bytes)
  }

  #writeWithin(left: number, bytes: Buffer): void {
    this.socket.write(bytes.subarray(0, left))
    this.#left = left - bytes.length
    if (this.#left <= 0) this.end()
  }

  handleDrain(): void {
    if (this.isEnding) return
    this.socket.setTimeout(0)
    this.#readingSince = this.#clock.now()
    this.socket.resume()
    this.owner?.drained()
  }

  /** A FIN right behind the request closes only the client's half. A later FIN counts as a disconnect. */
  handleEnd(): void {
    if (this.#clock.now() - this.#readingSince > HALF_CLOSE_WITHIN_MS) this.#enqueueClose()
    else this.#watchQuiet()
  }

  /** Only a write can show whether a client that has closed its half is still connected. */
  #watchQuiet(): void {
    const { bytesWritten } = this.socket
    this.#cancelQuiet = this.#clock.after(HALF_CLOSED_QUIET_MS, () => {
      if (this.socket.bytesWritten > bytesWritten) this.#watchQuiet()
      else this.#enqueueClose()
    })
  }

  #enqueueClose(): void {
    this.#notifyOwner()
    this.#closeQueue(this.socket)
  }

  handleTimeout(): void {
    this.owner?.gone('write timeout')
    this.socket.destroy()
  }

  handleClose(): void {
    this.#cancelQuiet?.()
    this.#notifyOwner()
    this.#closed()
  }

  #notifyOwner(): void {
    if (this.isEnding) this.owner?.gone('byte limit')
    else this.owner?.gone(givenUpFor(this.socket) ?? 'disconnected')
  }
}

function onDrain(this: ListenerSocket): void {
  this[SINK]?.handleDrain()
}

function onEnd(this: ListenerSocket): void {
  this[SINK]?.handleEnd()
}

function onClose(this: ListenerSocket): void {
  this[SINK]?.handleClose()
}

function onTimeout(this: ListenerSocket): void {
  this[SINK]?.handleTimeout()
}
