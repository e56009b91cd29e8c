import type { Logger } from '@logtape/logtape'
import type { WebSocket } from 'ws'
import { FairShare } from '../../access/fair-share.ts'
import type { PublishedStreams } from '../../station/published-streams.ts'
import { encodePath } from '../../stream/encode-path.ts'
import type { Clock } from '../../system/clock.ts'
import { whenClosed } from '../../system/when-closed.ts'
import { createHandshake } from '../../websocket/handshake.ts'
import { refuseHandshake } from '../../websocket/refuse-handshake.ts'
import type { Assets } from '../assets.ts'
import { pageHeaders } from '../headers.ts'
import { ownAddress } from '../own-address.ts'
import type { Asked, Page } from '../page.ts'
import { CLOSE } from './live-messages.ts'
import { connectPublisher } from './publisher.ts'
import { createTokenGate } from './token-gate.ts'

/** Dependencies and settings of the page for publishing. */
export interface LiveSettings {
  readonly live: PublishedStreams
  /** Token that permits publishing. */
  readonly token: string
  /** Whether a page owns a path, so that a stream cannot have it. */
  readonly isPage: (path: string) => boolean
  /** Whether the port accepts HTTPS too, without which browsers deny access to the microphone. */
  readonly hasTls: boolean
  /** The server listens to this machine only. */
  readonly isAlone: boolean
}

/** The page for publishing from a browser. */
export interface LivePage {
  readonly page: Page
  /** Closes all connections with `shuttingDown`, and resolves when they are closed. */
  close(): Promise<void>
}

/** `/live`, alone or with the name of a stream, which has no control or other invisible characters. */
const PATH = /^\/live(?:\/([^/\p{C}]{1,64})?)?$/u
const MAX_MESSAGE_BYTES = 64 * 1024
const MAX_FRAGMENTS = 16
const CLOSE_WITHIN_MS = 2_000
/** Maximum number of connections without a verified token. The maximum number of streams limits those on air. */
const MAX_WAITING = 64
/** Number of such connections that an address may have in a full pool when another address has more. */
const RESERVED = 4

/** The page at `/live/<stream>`, which makes a browser's microphone the source of a stream, and its WebSocket at that path. */
export function createLivePage(settings: LiveSettings, assets: Assets, clock: Clock, log: Logger): LivePage {
  const { live, token, isPage, hasTls, isAlone } = settings
  const gate = createTokenGate(token, clock)
  const connections = new Set<WebSocket>()
  const shake = createHandshake({
    maxMessageBytes: MAX_MESSAGE_BYTES,
    maxFragments: MAX_FRAGMENTS,
    closeWithinMs: CLOSE_WITHIN_MS,
  })

  const waiting = new FairShare<WebSocket>({ places: MAX_WAITING, reserved: RESERVED, giveUp }, clock)

  function receive(opened: WebSocket, name: string, { client, network }: Asked): void {
    connections.add(opened)
    opened.on('close', () => connections.delete(opened))
    const place = waiting.enter(network, opened, false)
    if (place === undefined) {
      opened.on('error', () => {})
      return giveUp(opened)
    }
    const leave = () => waiting.leave(place)
    opened.on('close', leave)
    const judge = async (offered: string) => {
      const isRight = await gate.judge(network, offered)
      if (isRight) leave()
      return isRight
    }
    connectPublisher(opened, { path: `/${name}`, client }, live, judge, clock, log)
  }

  const page: Page = {
    owns: (path) => PATH.test(path),
    async answer(asked, response) {
      const name = nameIn(asked.path)
      const listen = encodePath(name)
      const html = await assets.html('live', {
        name,
        title: name === '' ? 'Go on air' : name,
        root: asked.root,
        listen: asked.root + listen,
        address: `${ownAddress(asked, isAlone)}/${listen}`,
        tls: hasTls ? 'on' : 'off',
      })
      response.writeHead(200, { ...pageHeaders({ microphone: true }), 'Content-Type': 'text/html; charset=utf-8' })
      response.end(html)
    },
    upgrade(asked, socket, head) {
      const name = nameIn(asked.path)
      if (name === '') return refuseHandshake(socket, 404, 'which stream? /live/NAME')
      shake(asked, socket, head, (opened) => {
        if (!isPage(`/${name}`)) return receive(opened, name, asked)
        opened.on('error', () => {})
        opened.close(CLOSE.pathTaken, 'a page of another kind is there')
      })
    },
  }
  return {
    page,
    async close() {
      const closed = [...connections].map((opened) => whenClosed(opened))
      for (const opened of connections) {
        // The answer of a publisher that was kept waiting must be read.
        opened.resume()
        opened.close(CLOSE.shuttingDown, 'the server is shutting down')
      }
      await Promise.all(closed)
    },
  }
}

function giveUp(opened: WebSocket): void {
  opened.close(CLOSE.full, 'there is no room for more people here')
}

function nameIn(path: string): string {
  return PATH.exec(path)?.[1] ?? ''
}
