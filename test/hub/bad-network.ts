import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/** A way to a port of this machine that a test makes worse. */
export interface BadNetwork {
  readonly port: number
  /** Carries no bytes from now on, in both directions, and closes no connection, as a partition does; new ones get no answer. */
  cut(): void
  /** Carries them again. */
  mend(): void
  /** Carries at most so many bytes a second to each client from now on. */
  slowTo(bytesPerSecond: number): void
}

/** Interval in which bytes are carried over a slow way, in milliseconds. */
const EVERY_MS = 20

/** Opens a way to a port. It is closed with the test. */
export async function startBadNetwork(t: Pick<Test, 'teardown'>, target: number): Promise<BadNetwork> {
  let isCut = false
  let rate: number | undefined
  const ways = new Set<Way>()
  const server = createServer((client) => {
    const way = new Way(client, connect({ port: target, host: '127.0.0.1' }), () => ways.delete(way))
    ways.add(way)
    if (isCut) way.pause()
    way.isSlow = rate !== undefined
  })
  const timer = setInterval(() => {
    for (const way of ways) way.carry(((rate ?? 0) * EVERY_MS) / 1000)
  }, EVERY_MS)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    clearInterval(timer)
    for (const way of ways) way.close()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true
      for (const way of ways) way.pause()
    },
    mend() {
      isCut = false
      for (const way of ways) way.resume()
    },
    slowTo(bytesPerSecond) {
      rate = bytesPerSecond
      for (const way of ways) way.isSlow = true
    },
  }
}

/** One connection. */
class Way {
  isSlow = false
  readonly #client: Socket
  readonly #upstream: Socket
  /** Bytes for the client that wait, on a slow way. */
  #waiting = Buffer.alloc(0)
  /** Bytes that may be carried now. */
  #allowance = 0

  constructor(client: Socket, upstream: Socket, closed: () => void) {
    this.#client = client
    this.#upstream = upstream
    for (const socket of [client, upstream]) socket.on('error', () => {})
    client.on('data', (bytes) => upstream.write(bytes))
    upstream.on('data', (bytes) => {
      if (this.isSlow) this.#waiting = Buffer.concat([this.#waiting, bytes])
      else client.write(bytes)
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => {
      client.destroy()
      closed()
    })
  }

  pause(): void {
    this.#client.pause()
    this.#upstream.pause()
  }

  resume(): void {
    this.#client.resume()
    this.#upstream.resume()
  }

  carry(bytes: number): void {
    if (!this.isSlow) return
    this.#allowance = Math.min(this.#allowance, bytes) + bytes
    const carried = this.#waiting.subarray(0, this.#allowance)
    this.#allowance -= carried.length
    this.#waiting = this.#waiting.subarray(carried.length)
    if (carried.length > 0) this.#client.write(carried)
  }

  close(): void {
    this.#client.destroy()
    this.#upstream.destroy()
  }
}
