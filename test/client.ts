import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Test } from 'tap'
import { reset } from './reset.ts'

/** One connection of a test, with access to every byte. */
export interface Client {
  readonly socket: Socket
  /** `127.0.0.1:PORT`, as the server sees it; known as soon as a head has arrived. */
  address(): string
  /** All bytes received, head included. */
  received(): Buffer
  /** Bytes after the head. */
  body(): Buffer
  /** The head as text, without the empty line. */
  head(): string
  /** Resolves when the body has at least this number of bytes; rejects when the connection closes before. */
  bodyHas(bytes: number): Promise<Buffer>
  /** Resolves when the head has arrived. */
  headCame(): Promise<string>
  /** Resolves with the body when the server has closed. */
  readonly closed: Promise<Buffer>
  /** Disconnects so that the server notices at once, without a write. */
  reset(): void
}

/** Opens a connection to a port. */
export type Reach = (port: number) => Socket

const plainly: Reach = (port) => connect({ port, host: '127.0.0.1' })

/** Connects, and sends `text` if it is not empty. The connection is destroyed with the test. */
export function connectTo(t: Test, port: number, text: string, reach = plainly): Client {
  const socket = reach(port)
  const chunks: Buffer[] = []
  const watchers = new Set<() => void>()
  const received = () => Buffer.concat(chunks)
  let length = 0
  let headEnd = -1
  const note = (chunk: Buffer) => {
    chunks.push(chunk)
    length += chunk.length
    if (headEnd >= 0) return
    const end = received().indexOf('\r\n\r\n')
    if (end >= 0) headEnd = end + 4
  }
  const body = () => (headEnd < 0 ? Buffer.alloc(0) : received().subarray(headEnd))
  const head = () => (headEnd < 0 ? '' : received().toString('latin1', 0, headEnd - 4))
  socket.on('data', (chunk) => {
    note(chunk)
    for (const look of watchers) look()
  })
  socket.on('error', () => {})
  let address = ''
  socket.once('connect', () => {
    address = `${socket.localAddress}:${socket.localPort}`
  })
  const closed = once(socket, 'close').then(body, body)
  t.teardown(() => socket.destroy())
  const until = <T>(what: string, ready: () => T | undefined) =>
    new Promise<T>((resolve, reject) => {
      const look = () => {
        const value = ready()
        if (value === undefined) return
        watchers.delete(look)
        resolve(value)
      }
      watchers.add(look)
      void closed.then(() =>
        reject(new Error(`closed before ${what}: ${JSON.stringify(received().toString('latin1'))}`)),
      )
      look()
    })
  if (text !== '') socket.write(text)
  return {
    socket,
    address: () => address,
    received,
    body,
    head,
    bodyHas: (bytes) =>
      until(`${bytes} bytes came`, () => (headEnd >= 0 && length - headEnd >= bytes ? body() : undefined)),
    headCame: () => until('a head came', () => (headEnd >= 0 ? head() : undefined)),
    closed,
    reset: () => reset(socket),
  }
}

/** Requests a stream, as a simple player does. */
export function listen(t: Test, port: number, target = '/', fields = '', reach = plainly): Client {
  return connectTo(t, port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n`, reach)
}
