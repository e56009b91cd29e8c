import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Test } from 'tap'

/** A listener that compares what it receives with what was sent, and stores nothing: it may be hundreds of megabytes. */
export interface Follower {
  readonly socket: Socket
  /** `127.0.0.1:PORT`, as the server sees it. */
  readonly address: () => string
  /** Resolves when the first `bytes` bytes of the stream have arrived exactly as sent; rejects on a difference. */
  has(bytes: number): Promise<void>
}

/** @param sent content of the stream from the first byte that this listener receives. */
export async function follow(t: Test, port: number, sent: Buffer): Promise<Follower> {
  const socket = connect({ port, host: '127.0.0.1' })
  t.teardown(() => socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  const address = `${socket.localAddress}:${socket.localPort}`
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const rest = await behindHead(socket)
  let came = 0
  let fault: Error | undefined
  let look: (() => void) | undefined
  const take = (chunk: Buffer) => {
    if (!chunk.equals(sent.subarray(came, came + chunk.length))) fault ??= new Error(`other bytes came after ${came}`)
    came += chunk.length
    look?.()
  }
  take(rest)
  socket.on('data', take)
  socket.on('close', () => {
    fault ??= new Error(`closed after ${came} bytes`)
    look?.()
  })
  return {
    socket,
    address: () => address,
    has: (bytes) =>
      new Promise((resolve, reject) => {
        look = () => {
          if (fault !== undefined) reject(fault)
          else if (came >= bytes) resolve()
        }
        look()
      }),
  }
}

/** Waits for the response head, which precedes the first frame. @returns bytes that arrived behind it. */
async function behindHead(socket: Socket): Promise<Buffer> {
  let received: Buffer = Buffer.alloc(0)
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    received = Buffer.concat([received, chunk])
    const end = received.indexOf('\r\n\r\n')
    if (end >= 0) return received.subarray(end + 4)
  }
}
