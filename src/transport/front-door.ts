import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../clock.ts'
import { answerAndClose } from './answer-and-close.ts'
import { createDoorman } from './doorman.ts'
import { createHeadCollector } from './head-collector.ts'
import { BadRequest, parseRequestHead, type RequestHead } from './request-head.ts'
import { textAnswer } from './response-head.ts'

/** Answers a request: the socket is the handler's from now on. Bytes behind the head have been dropped. */
export type RequestHandler = (request: RequestHead, socket: Socket) => void

/** Every connection comes in here: its head is read strictly, with a bound on size and time. */
export interface FrontDoor {
  readonly server: Server
  /** Takes no new connections. */
  shut(): void
  /** Breaks every connection that there is; resolved when all are closed. */
  breakAll(): Promise<void>
}

/** Probes an idle connection after so many milliseconds, so that peers that vanished without a word are noticed. */
const KEEP_ALIVE_AFTER_MS = 60_000

/** @param headerTimeoutMs a connection that has sent no whole head by then is refused; 0 is never. */
export function createFrontDoor(headerTimeoutMs: number, handle: RequestHandler, clock: Clock, log: Logger): FrontDoor {
  const open = new Set<Socket>()
  const server = createServer({
    // With a limit of 1 byte each write that the system did not take at once ends in a 'drain', and no other does.
    highWaterMark: 1,
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
  })
  // Handlers shared by all connections: of each there may be thousands.
  function forget(this: Socket): void {
    open.delete(this)
  }
  function onBroken(this: Socket, error: Error): void {
    // A broken connection closes, and that is all there is to do about it.
    log.debug('connection broke', { error: error.message })
  }
  const hasRoom = createDoorman(clock, log)
  server.on('connection', (socket) => {
    open.add(socket)
    socket.on('close', forget)
    socket.on('error', onBroken)
    if (hasRoom(socket)) readHead(socket, headerTimeoutMs, handle, clock, log)
  })
  server.on('error', (error) => {
    // Before it listens, who asked it to is told. Later it is a connection that there was no descriptor for.
    if (server.listening) log.error('a connection could not be taken', { error: error.message })
  })
  return {
    server,
    shut: () => void server.close(),
    async breakAll() {
      const closed = [...open].map((socket) => once(socket, 'close'))
      for (const socket of open) socket.destroy()
      await Promise.all(closed)
    },
  }
}

function readHead(socket: Socket, timeoutMs: number, handle: RequestHandler, clock: Clock, log: Logger): void {
  const collect = createHeadCollector()
  const cancel =
    timeoutMs > 0 ? clock.after(timeoutMs, () => refuse(408, 'no complete request came in time')) : () => {}
  const stop = () => {
    cancel()
    socket.off('data', take)
    socket.off('end', give)
    socket.off('close', stop)
  }
  const refuse = (status: number, line: string) => {
    stop()
    answerAndClose(socket, textAnswer(status, line), clock)
  }
  const give = () => {
    stop()
    socket.destroy()
  }
  const take = (chunk: Buffer) => {
    try {
      const collected = collect(chunk)
      if (collected === undefined) return
      const request = parseRequestHead(collected.head)
      stop()
      handle(request, socket)
    } catch (error) {
      if (error instanceof BadRequest) return refuse(error.status, error.message)
      // A fault of ours must not end the other listeners' streams.
      log.error('a request could not be handled', { error: String(error) })
      refuse(500, 'something went wrong here')
    }
  }
  socket.on('data', take)
  socket.on('end', give)
  socket.on('close', stop)
}
