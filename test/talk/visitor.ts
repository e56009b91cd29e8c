import { once } from 'node:events'
import type { Test } from 'tap'
import { type ClientOptions, WebSocket } from 'ws'
import { type ClientMessage, type Codec, type ServerMessage, SOUND_HEADER_BYTES } from '../../src/talk/protocol.ts'

/** A talker without a browser. */
export interface Visitor {
  readonly socket: WebSocket
  say(message: ClientMessage): void
  /** Resolves with the next unread message of the server; rejects when the connection closes before. */
  told(): Promise<ServerMessage>
  /** The same for sound. */
  heard(): Promise<Buffer>
  /** Number of unread messages and sounds. */
  waiting(): number
  /** Resolves with the close code when the connection is closed. */
  readonly closed: Promise<number>
}

let visitors = 0

/** A unique name. */
export function newName(): string {
  return `visitor-${++visitors}`
}

/** Connects, and sends nothing. The connection is destroyed with the test. */
export async function connectVisitor(t: Test, port: number, room = '/', options: ClientOptions = {}): Promise<Visitor> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${room}`, { perMessageDeflate: false, ...options })
  t.teardown(() => socket.terminate())
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  const texts = createQueue<ServerMessage>(closed)
  const sounds = createQueue<Buffer>(closed)
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) sounds.put(data)
    else texts.put(JSON.parse(data.toString()) as ServerMessage)
  })
  await once(socket, 'open')
  return {
    socket,
    closed,
    say: (message) => socket.send(JSON.stringify(message)),
    told: () => texts.take(),
    heard: () => sounds.take(),
    waiting: () => texts.size() + sounds.size(),
  }
}

/** Connects and sends hello. */
export async function arrive(
  t: Test,
  port: number,
  room = '/',
  codecs: readonly Codec[] = ['opus', 'pcm'],
  me = newName(),
): Promise<Visitor> {
  const visitor = await connectVisitor(t, port, room)
  visitor.say({ type: 'hello', me, codecs })
  return visitor
}

/** Two talkers that are connected with each other. */
export async function arrivePair(t: Test, port: number, room = '/'): Promise<[Visitor, Visitor]> {
  const one = await arrive(t, port, room)
  await one.told()
  const other = await arrive(t, port, room)
  await Promise.all([one.told(), other.told()])
  return [one, other]
}

/** Bytes that are formatted as sound. */
export function someSound(length = 100, fill = 1): Buffer {
  return Buffer.alloc(SOUND_HEADER_BYTES + length, fill)
}

interface Queue<Item> {
  put(item: Item): void
  take(): Promise<Item>
  size(): number
}

function createQueue<Item>(closed: Promise<unknown>): Queue<Item> {
  const items: Item[] = []
  const takers: ((item: Item) => void)[] = []
  return {
    put(item) {
      const taker = takers.shift()
      if (taker === undefined) items.push(item)
      else taker(item)
    },
    take: () =>
      new Promise((resolve, reject) => {
        const [item] = items.splice(0, 1)
        if (item !== undefined) return resolve(item)
        takers.push(resolve)
        void closed.then((code) => reject(new Error(`closed with ${String(code)}`)))
      }),
    size: () => items.length,
  }
}
