/** Handlers of a WebSocket's events. */
export interface SocketHandlers {
  readonly opened?: () => void
  readonly message: (data: string | ArrayBuffer) => void
  readonly closed: (code: number) => void
}

/** A WebSocket to this server. */
export class Socket {
  readonly #socket: WebSocket
  readonly #detached = new AbortController()

  /** @param address at http or https */
  constructor(address: string | URL, { opened, message, closed }: SocketHandlers) {
    const url = new URL(address)
    url.protocol = url.protocol.replace('http', 'ws')
    url.hash = ''
    const { signal } = this.#detached
    this.#socket = new WebSocket(url)
    this.#socket.binaryType = 'arraybuffer'
    this.#socket.addEventListener('open', () => opened?.(), { signal })
    this.#socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => message(data), {
      signal,
    })
    this.#socket.addEventListener('close', ({ code }) => closed(code), { signal })
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN
  }

  /** Bytes that wait to be sent. */
  get unsentBytes(): number {
    return this.#socket.bufferedAmount
  }

  /** Sends a message; it is dropped unless the connection is open. */
  send(data: string | ArrayBufferView<ArrayBuffer>): void {
    if (this.isOpen) this.#socket.send(data)
  }

  /** Calls no more handlers. The connection stays open. */
  detach(): void {
    this.#detached.abort()
  }

  /** Closes the connection, and calls no more handlers. */
  close(): void {
    this.detach()
    this.#socket.close()
  }
}
