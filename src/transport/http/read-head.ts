import type { Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../../system/clock.ts'
import { answerAndClose } from './answer-and-close.ts'
import { type CollectedHead, createHeadCollector } from './head-collector.ts'
import { BadRequest, canonicalHead, parseRequestHead, type RequestHead } from './request-head.ts'
import { textAnswer } from './response-head.ts'

/**
 * Answers a request: the handler owns the socket from now on. It is paused, and all its bytes are still to be read: they delay
 * the end event of a client that has closed its half, so that no handler can miss it.
 */
export type RequestHandler = (request: RequestHead, socket: Socket) => void

/** Starts TLS on a connection that is paused and has all its bytes still to be read. @returns the decrypted connection */
export type Secure = (socket: Socket) => Socket

/** Settings for the reading of requests. */
export interface Reception {
  /** Maximum time for a whole request head, in milliseconds, TLS handshake included. 0 disables it. */
  readonly timeoutMs: number
  readonly handle: RequestHandler
  /** Undefined: TLS is not enabled. */
  readonly secure: Secure | undefined
}

/** The same, with a callback for each whole request before it is handled. */
export interface AttendedReception extends Reception {
  readonly asked: (connection: Socket, socket: Socket, request: RequestHead) => void
}

/** First byte of TLS, and of no request: a record of the handshake (RFC 8446, section 5.1). */
const HANDSHAKE = 0x16

/** Reads the head of the one request of a connection, or refuses it. */
export function readHead(
  connection: Socket,
  { timeoutMs, handle, secure, asked }: AttendedReception,
  clock: Clock,
  log: Logger,
): void {
  const collect = createHeadCollector()
  let socket = connection
  let isFirst = true
  const cancel =
    timeoutMs > 0 ? clock.after(timeoutMs, () => refuse(408, 'no complete request came in time')) : () => {}
  const attend = () => {
    socket.on('data', take)
    socket.on('end', give)
    socket.on('close', cancel)
  }
  const leave = () => {
    socket.off('data', take)
    socket.off('end', give)
    socket.off('close', cancel)
  }
  const stop = () => {
    cancel()
    leave()
  }
  const refuse = (status: number, line: string) => {
    stop()
    answerAndClose(socket, textAnswer(status, line), clock)
  }
  const give = () => {
    stop()
    socket.destroy()
  }
  const goOnOver = (tls: Secure | undefined, chunk: Buffer) => {
    if (tls === undefined) throw new BadRequest(400, 'HTTPS is not spoken here')
    leave()
    connection.pause()
    connection.unshift(chunk)
    socket = tls(connection)
    attend()
  }
  const take = (chunk: Buffer) => {
    try {
      const begins = isFirst
      isFirst = false
      if (begins && chunk[0] === HANDSHAKE) return goOnOver(secure, chunk)
      const collected = collect(chunk)
      if (collected === undefined) return
      const request = parseRequestHead(collected.head)
      stop()
      socket.pause()
      asked(connection, socket, request)
      socket.unshift(rawOf(collected, request))
      handle(request, socket)
    } catch (error) {
      if (error instanceof BadRequest) return refuse(error.status, error.message)
      // A bug in a handler must not end the streams of other listeners.
      log.error('a request could not be handled', { error: String(error) })
      refuse(500, 'something went wrong here')
    }
  }
  attend()
}

function rawOf({ head, rest }: CollectedHead, request: RequestHead): Buffer {
  const plain = canonicalHead(head, request)
  return rest.length === 0 ? plain : Buffer.concat([plain, rest])
}
