import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../system/clock.ts'
import { HALF_CLOSE_WITHIN_MS, IDLE_TIMEOUT_MS } from '../transport/connection-timeouts.ts'
import { type Delegate, isWebSocket, type OtherRequest } from '../transport/delegate.ts'
import { MAX_HEAD_BYTES } from '../transport/http/head-collector.ts'
import type { Page } from './page.ts'
import { type PageRequest, requestOf } from './page-request.ts'

/**
 * Handlers of all requests that are not for a stream's bytes. The first page in a list that owns a path handles it; for a
 * WebSocket, the first of these that has `upgrade`.
 */
export interface AllPages {
  /** Pages at their own paths. */
  readonly own: readonly Page[]
  /** Pages at the paths of streams: the player for browsers, and streams over a WebSocket. */
  readonly ofStreams: readonly Page[]
}

/** Request to handle on a connection. */
interface Task {
  readonly page: Page
  readonly request: Omit<PageRequest, 'message'>
}

/**
 * Serves the pages with node:http. Each connection has one request, which the front door has read, and is closed after the
 * response, because the next request on it may be for a stream, and streams are not served here.
 */
export function createPages({ own, ofStreams }: AllPages, clock: Clock, log: Logger): Delegate {
  const tasks = new WeakMap<Duplex, Task>()
  const plain = createHttpServer((...exchange) => void answer(tasks, clock, log, ...exchange))
  const upgrading = createHttpServer((...exchange) => void answer(tasks, clock, log, ...exchange))
  upgrading.on('upgrade', (...handshake) => void upgrade(tasks, log, ...handshake))

  return (other) => {
    // The client disconnected before the pages were loaded.
    if (other.socket.destroyed) return true
    const owners = (other.isStream ? ofStreams : own).filter((page) => page.owns(other.request.path))
    const [first] = owners
    if (first === undefined) return false
    const opener = isWebSocket(other.request) ? (owners.find((page) => 'upgrade' in page) ?? NO_WEBSOCKET) : undefined
    tasks.set(other.socket, { page: opener ?? first, request: requestOf(other) })
    // A server with an 'upgrade' listener does not answer requests that merely offer an upgrade, to HTTP/2 for instance.
    passTo(opener?.upgrade === undefined ? plain : upgrading, other)
    return true
  }
}

const NO_WEBSOCKET: Page = {
  owns: () => true,
  answer: (_, response) => sendText(response, 400, 'this path is not a WebSocket'),
}

/** Without this property, missing in the types, Node closes a connection whose other half closes before the response ends. */
type HalfOpenServer = Server & { httpAllowHalfOpen?: boolean }

function createHttpServer(onRequest: (message: IncomingMessage, response: ServerResponse) => void): Server {
  const server: HalfOpenServer = createServer({ maxHeaderSize: MAX_HEAD_BYTES }, onRequest)
  server.httpAllowHalfOpen = true
  // Pages that send less often must set their own.
  server.timeout = IDLE_TIMEOUT_MS
  server.maxRequestsPerSocket = 1
  return server
}

/** The server must have the socket before it resumes, or it would miss the request. */
function passTo(server: Server, { socket }: OtherRequest): void {
  server.emit('connection', socket)
  socket.resume()
}

type Tasks = WeakMap<Duplex, Task>

async function answer(
  tasks: Tasks,
  clock: Clock,
  log: Logger,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const task = tasks.get(message.socket)
  tasks.delete(message.socket)
  // A second request on the connection, although the first response announced that it closes.
  if (task === undefined) return void response.destroy()
  response.setHeader('Connection', 'close')
  // Without a length it ends with the connection, as streams do: chunks would add to the bytes of the body in the access log.
  response.removeHeader('Transfer-Encoding')
  response.setHeader('X-Content-Type-Options', 'nosniff')
  endWhenLeft(message.socket, response, clock)
  response.on('error', (error) => log.debug('response failed', { error: error.message }))
  try {
    await task.page.answer({ ...task.request, message }, response)
  } catch (error) {
    log.error('request failed', { path: task.request.path, error: String(error) })
    refuse(response)
  }
}

/** A client that closes its half after `HALF_CLOSE_WITHIN_MS` has disconnected; an endless response would not end otherwise. */
function endWhenLeft(socket: Socket, response: ServerResponse, clock: Clock): void {
  const requestedAt = clock.now()
  socket.once('end', () => {
    if (clock.now() - requestedAt > HALF_CLOSE_WITHIN_MS) response.destroy()
  })
}

function refuse(response: ServerResponse): void {
  if (response.headersSent) return void response.destroy()
  for (const name of response.getHeaderNames()) response.removeHeader(name)
  response.setHeader('Connection', 'close')
  sendText(response, 500, 'internal error')
}

function sendText(response: ServerResponse, status: number, line: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' })
  response.end(`${line}\n`)
}

async function upgrade(
  tasks: Tasks,
  log: Logger,
  message: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const task = tasks.get(socket)
  tasks.delete(socket)
  try {
    if (task?.page.upgrade === undefined) return void socket.destroy()
    await task.page.upgrade({ ...task.request, message }, socket, head)
  } catch (error) {
    log.error('WebSocket handshake failed', { path: task?.request.path, error: String(error) })
    socket.destroy()
  }
}
