import type { Socket } from 'node:net'
import type { Sink, SinkOwner } from '../delivery/listener.ts'
import type { Clock } from '../system/clock.ts'
import { isGivenUp } from './given-up.ts'
import { HALF_CLOSE_WITHIN_MS, HALF_CLOSED_QUIET_MS } from './half-close.ts'
import { speaksTls } from './origin.ts'
import type { WayOut } from './way-out.ts'

/** A socket that carries a listener knows its sink, so that all of them share the handlers below. */
const SINK = Symbol('sink')
interface ListenerSocket extends Socket {
  [SINK]?: HttpSink
}

/** How an answer begins and ends. */
export interface HttpSinkOptions {
  /** Makes the response head; called once, when it goes out. */
  readonly head: () => Buffer
  /** Makes the whole response where the source is refused before anything has gone out. @param why in one line */
  readonly refusal: (why: string) => Buffer
  /** What the body begins with, before the first frame. */
  readonly prefix: Buffer
  /** The body has exactly so many bytes; undefined: it has no end. */
  readonly bodyBytes: number | undefined
  /** Whoever takes nothing for so long is given up, in milliseconds; 0 is never. */
  readonly timeoutMs: number
  /** Takes who has left. */
  readonly wayOut: WayOut
  readonly clock: Clock
  /** Called once, when the connection is closed and the owner knows. */
  readonly closed: () => void
}

/** A listener's bytes go to a bare socket: after the request a listener costs a few kB, a third of what node:http takes. */
export class HttpSink implements Sink {
  owner: SinkOwner | undefined
  /** Nothing more will be written. */
  isEnding = false
  protected readonly socket: ListenerSocket
  /** Over TLS, half: Node looks twice, for the first time it takes encryption for progress. */
  readonly #timeoutMs: number
  readonly #wayOut: WayOut
  readonly #closed: () => void
  readonly #clock: Clock
  /** Since when bytes of the client are read, by the clock: a FIN soon after may have waited for that. */
  #readingSince: number
  #cancelQuiet: (() => void) | undefined
  /** What goes out first; dropped when it has, for what it was made of is not needed any more. */
  #beginning: Pick<HttpSinkOptions, 'head' | 'prefix' | 'refusal'> | undefined
  /** Bytes of the body that are still to come, if it has an end. */
  #left: number | undefined

  constructor(socket: Socket, options: HttpSinkOptions) {
    this.socket = socket
    this.#timeoutMs = speaksTls(socket) ? options.timeoutMs / 2 : options.timeoutMs
    this.#wayOut = options.wayOut
    this.#closed = options.closed
    this.#clock = options.clock
    this.#readingSince = options.clock.now()
    this.#beginning = { head: options.head, prefix: options.prefix, refusal: options.refusal }
    this.#left = options.bodyBytes
    this.socket[SINK] = this
    socket.on('end', onEnd)
    socket.on('close', onClose)
    socket.on('timeout', onTimeout)
    // Nothing more is expected from a listener, but its leaving shows only to who reads.
    socket.resume()
  }

  /** Sends the head before there is a frame, so that a client knows it was heard. */
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

  /** The time starts anew whenever a part of a write is taken. So it does when bytes come, so none are read meanwhile. */
  #startTimeout(): void {
    this.socket.pause()
    this.socket.setTimeout(this.#timeoutMs)
  }

  /** A write of more than the shared Buffer: still one call of the system. */
  #writeFirst(before: Buffer, bytes: Buffer): void {
    this.socket.cork()
    this.begin()
    this.writePart(before)
    this.writePart(bytes)
    this.socket.uncork()
  }

  /** A piece of the body. */
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

  /** A FIN right behind the request closes only the client's half. One that comes later is taken for its leaving. */
  handleEnd(): void {
    if (this.#clock.now() - this.#readingSince > HALF_CLOSE_WITHIN_MS) this.#goOut()
    else this.#watchQuiet()
  }

  /** Nothing more is read from a client that has closed its half, so that only a write can show whether it is there. */
  #watchQuiet(): void {
    const { bytesWritten } = this.socket
    this.#cancelQuiet = this.#clock.after(HALF_CLOSED_QUIET_MS, () => {
      if (this.socket.bytesWritten > bytesWritten) this.#watchQuiet()
      else this.#goOut()
    })
  }

  #goOut(): void {
    this.#leave()
    this.#wayOut(this.socket)
  }

  handleTimeout(): void {
    this.owner?.gone('takes nothing')
    this.socket.destroy()
  }

  handleClose(): void {
    this.#cancelQuiet?.()
    this.#leave()
    this.#closed()
  }

  #leave(): void {
    if (this.isEnding) this.owner?.gone('got its bytes')
    else this.owner?.gone(isGivenUp(this.socket) ? 'no room' : 'left')
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
