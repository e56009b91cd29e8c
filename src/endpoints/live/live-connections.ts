import type { Logger } from '@logtape/logtape'
import type { WebSocket } from 'ws'
import { FairShare } from '../../access/fair-share.ts'
import type { Publishing } from '../../station/publishing.ts'
import type { Clock } from '../../system/clock.ts'
import { whenClosed } from '../../system/when-closed.ts'
import { CLOSE } from '../../websocket/close-codes.ts'
import type { PageRequest } from '../page-request.ts'
import { connectPublisher } from './publisher.ts'
import { createTokenGate } from './token-gate.ts'

/** Maximum number of connections without a verified token. The maximum number of streams limits those on air. */
const MAX_WAITING = 64
/** Number of such connections that an address may have in a full pool when another address has more. */
const RESERVED = 4

/** Connections of publishers. */
export class LiveConnections {
  readonly #publishing: Publishing
  readonly #clock: Clock
  readonly #log: Logger
  readonly #open = new Set<WebSocket>()
  readonly #waiting: FairShare<WebSocket>
  readonly #gate: ReturnType<typeof createTokenGate>

  /** @param token permits publishing. */
  constructor(publishing: Publishing, token: string, clock: Clock, log: Logger) {
    this.#publishing = publishing
    this.#clock = clock
    this.#log = log
    this.#gate = createTokenGate(token, clock)
    this.#waiting = new FairShare({ places: MAX_WAITING, reserved: RESERVED, giveUp: refuse }, clock)
  }

  /** Publishes what a connection sends at a path, once it has offered the right token. */
  add(opened: WebSocket, path: string, { client, network, message }: PageRequest): void {
    this.#open.add(opened)
    opened.on('close', () => this.#open.delete(opened))
    const place = this.#waiting.enter(network, opened, false)
    if (place === undefined) {
      opened.on('error', () => {})
      return refuse(opened)
    }
    const leave = () => this.#waiting.leave(place)
    opened.on('close', leave)
    const checkToken = async (offered: string) => {
      const isRight = await this.#gate.check(network, offered)
      if (isRight) leave()
      return isRight
    }
    const agent = message.headers['user-agent']
    connectPublisher(opened, { path, client, agent }, this.#publishing, checkToken, this.#clock, this.#log)
  }

  /** Closes all connections with `shuttingDown`, and resolves when they are closed. */
  async close(): Promise<void> {
    const closed = [...this.#open].map((opened) => whenClosed(opened))
    for (const opened of this.#open) {
      // The answer of a publisher that was kept waiting must be read.
      opened.resume()
      opened.close(CLOSE.shuttingDown, 'the server is shutting down')
    }
    await Promise.all(closed)
  }
}

function refuse(opened: WebSocket): void {
  opened.close(CLOSE.full, 'this address has too many connections')
}
