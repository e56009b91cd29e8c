import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'
import type { RelayPlan } from '../../../src/plan/stream-plan.ts'
import { createRelaySource } from '../../../src/source/relay/relay.ts'
import type { Source } from '../../../src/source/source.ts'
import { type Clock, systemClock } from '../../../src/system/clock.ts'

/** A server of a test that answers as its script does. */
export interface Upstream {
  readonly port: number
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** Heads of all requests, in order. */
  readonly requests: readonly string[]
  /** Its open connections. */
  readonly sockets: ReadonlySet<Socket>
}

/** Answers a request. @param path of the request */
export type Answer = (socket: Socket, path: string, head: string) => void

/** Starts a server that ends with the test. */
export async function startUpstream(t: Test, answer: Answer): Promise<Upstream> {
  const requests: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    let head = ''
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1')
      if (!head.endsWith('\r\n\r\n')) return
      requests.push(head)
      answer(socket, head.split(' ')[1] ?? '', head)
      head = ''
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { port, url: `http://127.0.0.1:${port}`, requests, sockets }
}

/** Answers with a text in Latin-1, and ends. */
export function ends(text: string | Buffer): Answer {
  return (socket) => socket.end(typeof text === 'string' ? Buffer.from(text, 'latin1') : text)
}

/** A head with the status 200, and fields, each ended by CRLF. */
export function ok(fields = ''): string {
  return `HTTP/1.0 200 OK\r\n${fields}\r\n`
}

/** Answers by path; other paths are not found. */
export function byPath(answers: Readonly<Record<string, string>>): Answer {
  return (socket, path, head) => {
    const { [path]: text = 'HTTP/1.0 404 Not Found\r\n\r\nno' } = answers
    ends(text)(socket, path, head)
  }
}

/** A source of addresses. */
export function relayOf(urls: readonly string[], plan: Partial<RelayPlan> = {}, clock: Clock = systemClock): Source {
  return createRelaySource({ kind: 'relay', urls, insecure: false, charset: 'windows-1252', ...plan }, clock)
}

/** What one opening of a source has yielded. */
export interface Opened {
  readonly text: string
  /** Titles, each with the number of bytes before it. */
  readonly titles: readonly (readonly [number, string])[]
  readonly connection: Awaited<ReturnType<Source['open']>>
}

/** Reads an opening to its end. */
export async function readOpening(source: Source, signal: AbortSignal = new AbortController().signal): Promise<Opened> {
  const connection = await source.open(signal)
  const titles: [number, string][] = []
  let text = ''
  for await (const chunk of connection.chunks) {
    const title = connection.takeTitle?.()
    if (title !== undefined) titles.push([text.length, title])
    text += chunk.toString('latin1')
  }
  return { text, titles, connection }
}
