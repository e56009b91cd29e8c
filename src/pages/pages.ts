import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from '@logtape/logtape'
import { countedClient } from '../access/counted-client.ts'
import type { Clock } from '../system/clock.ts'
import { clientOf } from '../transport/client.ts'
import { HALF_CLOSE_WITHIN_MS } from '../transport/half-close.ts'
import { type HandOver, isWebSocket, type OtherRequest } from '../transport/hand-over.ts'
import { MAX_HEAD_BYTES } from '../transport/head-collector.ts'
import { originOf } from '../transport/origin.ts'
import type { Asked, Page } from './page.ts'
import { relativeRoot } from './relative-root.ts'

/**
 * All that can be asked for and is no stream's bytes. The first page of a list that owns a path has it; of WebSockets, the
 * first one that takes them.
 */
export interface AllPages {
  /** At paths of their own. */
  readonly own: readonly Page[]
  /** At the paths of streams: the player for browsers, and what there is over a WebSocket. */
  readonly ofStreams: readonly Page[]
}

/** A connection on which nothing comes or goes for so long is ended, in milliseconds; a page with less to say says so. */
const IDLE_MS = 60_000

/** What is to be answered on a connection that was taken over. */
interface Task {
  readonly page: Page
  readonly asked: Omit<Asked, 'message'>
}

/**
 * The pages, on node:http. Each connection brings one request, which the front door has read, and is closed behind the answer:
 * the next one on it may be for a stream, and those are not served here.
 */
export function createPages({ own, ofStreams }: AllPages, clock: Clock, log: Logger): HandOver {
  const tasks = new WeakMap<Duplex, Task>()
  const plain = createHttpServer((...exchange) => void answer(tasks, clock, log, ...exchange))
  const upgrading = createHttpServer((...exchange) => void answer(tasks, clock, log, ...exchange))
  upgrading.on('upgrade', (...handshake) => void upgrade(tasks, log, ...handshake))

  return (other) => {
    // Whoever could not wait until the pages were there.
    if (other.socket.destroyed) return true
    const owners = (other.isStream ? ofStreams : own).filter((page) => page.owns(other.request.path))
    const [first] = owners
    if (first === undefined) return false
    const opener = isWebSocket(other.request) ? (owners.find((page) => 'upgrade' in page) ?? NO_WEBSOCKET) : undefined
    tasks.set(other.socket, { page: opener ?? first, asked: askedIn(other) })
    // A server that listens for upgrades gives no answer to requests that only wish for one, to HTTP/2 for instance.
    passTo(opener?.upgrade === undefined ? plain : upgrading, other)
    return true
  }
}

const NO_WEBSOCKET: Page = {
  owns: () => true,
  answer: (_, response) => sayInText(response, 400, 'no WebSocket is spoken here'),
}

/** Without this property, which its types do not have, Node closes a connection whose other half is closed before the answer is sent. */
type HalfOpenServer = Server & { httpAllowHalfOpen?: boolean }

function createHttpServer(onRequest: (message: IncomingMessage, response: ServerResponse) => void): Server {
  const server: HalfOpenServer = createServer({ maxHeaderSize: MAX_HEAD_BYTES }, onRequest)
  server.httpAllowHalfOpen = true
  server.timeout = IDLE_MS
  server.maxRequestsPerSocket = 1
  return server
}

/** The server must be there before the socket flows again, or it would miss the request. */
function passTo(server: Server, { socket }: OtherRequest): void {
  server.emit('connection', socket)
  socket.resume()
}

function askedIn({ request, socket, isStream }: OtherRequest): Task['asked'] {
  const { path, query, target, headers } = request
  const peer = originOf(socket)
  const { name: client, forwarded } = clientOf(request, socket)
  return {
    path,
    query,
    isStream,
    remoteAddress: peer.address,
    client,
    network: countedClient(peer.address, headers),
    isSecure: forwarded.isSecure ?? peer.isSecure,
    host: forwarded.host ?? headers.get('host'),
    prefix: forwarded.prefix,
    root: relativeRoot(target),
  }
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
  // It was sent behind the first one, and whoever did was told that the connection ends there.
  if (task === undefined) return void response.destroy()
  response.setHeader('Connection', 'close')
  response.setHeader('X-Content-Type-Options', 'nosniff')
  endWhenLeft(message.socket, response, clock)
  response.on('error', (error) => log.debug('an answer broke', { error: error.message }))
  try {
    await task.page.answer({ ...task.asked, message }, response)
  } catch (error) {
    log.error('a page could not be answered', { path: task.asked.path, error: String(error) })
    refuse(response)
  }
}

/** News go on without end: a client that closes its half while they do has left. */
function endWhenLeft(socket: Socket, response: ServerResponse, clock: Clock): void {
  const askedAt = clock.now()
  socket.once('end', () => {
    if (clock.now() - askedAt > HALF_CLOSE_WITHIN_MS) response.destroy()
  })
}

function refuse(response: ServerResponse): void {
  if (response.headersSent) return void response.destroy()
  for (const name of response.getHeaderNames()) response.removeHeader(name)
  response.setHeader('Connection', 'close')
  sayInText(response, 500, 'something went wrong here')
}

function sayInText(response: ServerResponse, status: number, line: string): void {
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
    await task.page.upgrade({ ...task.asked, message }, socket, head)
  } catch (error) {
    log.error('a WebSocket could not be opened', { path: task?.asked.path, error: String(error) })
    socket.destroy()
  }
}
