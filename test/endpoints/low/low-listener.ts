import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Test } from 'tap'
import { WebSocket } from 'ws'

/** A listener over a WebSocket, without a page. */
export interface LowListener {
  readonly opened: WebSocket
  /** `127.0.0.1:PORT`, as the server sees it. */
  address(): string
  /** Text messages received. */
  readonly texts: readonly string[]
  /** Binary messages received, and all of them concatenated. */
  readonly messages: readonly Buffer[]
  samples(): Buffer
  /** Resolves when this number of bytes of samples has arrived; rejects when the connection closes before. */
  has(bytes: number): Promise<void>
  /** Resolves when the last message ends with these bytes. */
  ends(bytes: Buffer): Promise<void>
  /** Resolves with the first text that matches. */
  said(pattern: RegExp): Promise<string>
  /** Stops reading from the network, or resumes. */
  pause(): void
  resume(): void
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
}

/** @param url `ws://127.0.0.1:PORT/?low` */
export function listenLow(t: Test, url: string, options: object = {}): LowListener {
  const opened = new WebSocket(url, { perMessageDeflate: false, ...options })
  const texts: string[] = []
  const messages: Buffer[] = []
  const looks = new Set<() => void>()
  let length = 0
  let socket: Socket | undefined
  let address = ''
  opened.on('upgrade', (response) => {
    socket = response.socket
    // A closed socket does not have its address any more.
    address = `${socket.localAddress}:${socket.localPort}`
  })
  opened.on('error', () => {})
  opened.on('message', (data: Buffer, isBinary) => {
    if (isBinary) {
      messages.push(data)
      length += data.length
    } else texts.push(data.toString())
    for (const look of looks) look()
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    opened.on('close', (code, reason) => resolve({ code, reason: String(reason) }))
  })
  t.teardown(() => opened.terminate())
  const until = <T>(what: string, find: () => T | undefined) =>
    new Promise<T>((resolve, reject) => {
      const look = () => {
        const found = find()
        if (found === undefined) return
        looks.delete(look)
        resolve(found)
      }
      looks.add(look)
      void closed.then(({ code, reason }) => reject(new Error(`closed with ${code} ${reason} before ${what}`)))
      look()
    })
  return {
    opened,
    address: () => address,
    texts,
    messages,
    samples: () => Buffer.concat(messages),
    has: async (bytes) => {
      await until(`${bytes} bytes came`, () => (length >= bytes ? true : undefined))
    },
    ends: async (bytes) => {
      await until('the end came', () => (messages.at(-1)?.subarray(-bytes.length).equals(bytes) ? true : undefined))
    },
    said: (pattern) => until(`${pattern} was said`, () => texts.find((text) => pattern.test(text))),
    pause: () => void socket?.pause(),
    resume: () => void socket?.resume(),
    closed,
  }
}

/** Status and body of the response to a refused handshake. */
export async function refusal(address: string, options: object = {}): Promise<{ status: number; text: string }> {
  const opened = new WebSocket(address, options)
  opened.on('error', () => {})
  const [, response] = (await once(opened, 'unexpected-response')) as [
    unknown,
    NodeJS.ReadableStream & { statusCode: number },
  ]
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return { status: response.statusCode, text }
}
