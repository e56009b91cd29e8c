import { once } from 'node:events'
import { WebSocket } from 'ws'

/** Time limit of a command, in milliseconds: a page that hangs never answers. */
const WITHIN_MS = 35_000
/** Time limit of the first command, in milliseconds: two browsers that start together took 31 s on a busy machine. */
const START_MS = 90_000

type Handlers = Readonly<Record<string, (params: Record<string, unknown>) => void>>

interface Pending {
  resolve(result: unknown): void
  reject(error: Error): void
}

/** A value as W3C WebDriver BiDi serializes it (section 7.6.3.2). */
export interface RemoteValue {
  readonly type: string
  readonly value?: unknown
}

/** A connection by W3C WebDriver BiDi. */
export class BidiConnection {
  readonly #socket: WebSocket
  readonly #pending = new Map<number, Pending>()
  readonly #handlers = new Map<string, Handlers>()
  #lastId = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (bytes: Buffer) => this.#receive(bytes.toString()))
    socket.on('close', () => {
      for (const pending of this.#pending.values()) pending.reject(new Error('the browser has closed the connection'))
    })
  }

  static async open(url: string): Promise<BidiConnection> {
    const socket = new WebSocket(url)
    await once(socket, 'open')
    return new BidiConnection(socket)
  }

  async send<Result>(method: string, params: object): Promise<Result> {
    const id = ++this.#lastId
    const withinMs = id === 1 ? START_MS : WITHIN_MS
    let timer: ReturnType<typeof setTimeout> | undefined
    try {
      return await new Promise<Result>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer to ${method} in ${withinMs} ms`)), withinMs)
        this.#pending.set(id, { resolve: (result) => resolve(result as Result), reject })
        this.#socket.send(JSON.stringify({ id, method, params }))
      })
    } finally {
      clearTimeout(timer)
      this.#pending.delete(id)
    }
  }

  /** Calls handlers with the events of a tab. @returns a function that ends it */
  listen(context: string, handlers: Handlers): () => void {
    this.#handlers.set(context, handlers)
    return () => this.#handlers.delete(context)
  }

  #receive(text: string): void {
    const message = JSON.parse(text)
    const { id, type, method, params, result, error } = message
    if (type === 'event') {
      const context: string = params.context ?? params.source?.context
      this.#handlers.get(context)?.[method]?.(params)
    } else if (type === 'success') this.#pending.get(id)?.resolve(result)
    else this.#pending.get(id)?.reject(new Error(`${error}: ${message.message}`))
  }
}

/** Returns a value of a page: JSON, or undefined. */
export function valueOf({ type, value }: RemoteValue): unknown {
  if (type === 'array') return (value as RemoteValue[]).map(valueOf)
  if (type === 'number') return Number(value)
  if (type === 'null') return null
  if (type !== 'object') return value
  return Object.fromEntries((value as [string, RemoteValue][]).map(([name, one]) => [name, valueOf(one)]))
}
