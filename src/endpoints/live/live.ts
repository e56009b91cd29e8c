import type { Logger } from '@logtape/logtape'
import type { Publishing } from '../../station/publishing.ts'
import { encodePath } from '../../stream/encode-path.ts'
import type { Clock } from '../../system/clock.ts'
import { createHandshake, refuseHandshake, type WebSocketLimits } from '../../websocket/handshake.ts'
import type { Assets } from '../assets.ts'
import { pageHeaders } from '../headers.ts'
import { ownAddress } from '../own-address.ts'
import type { Page } from '../page.ts'
import type { LinksFor } from '../page-links.ts'
import { LiveConnections } from './live-connections.ts'

/** Dependencies and settings of the page for publishing. */
export interface LiveSettings {
  readonly publishing: Publishing
  /** Token that permits publishing. */
  readonly token: string
  /** Whether the port accepts HTTPS too, without which browsers deny access to the microphone. */
  readonly hasTls: boolean
  /** The server listens to this machine only. */
  readonly isAlone: boolean
  readonly linksFor: LinksFor
}

/** The page for publishing from a browser. */
export interface LivePage {
  readonly page: Page
  /** Closes all connections with `shuttingDown`, and resolves when they are closed. */
  close(): Promise<void>
}

/** `/live`, alone or with the path of a stream, which has no control or other invisible characters. */
const PATH = /^\/live(?:\/([^/\p{C}]+(?:\/[^/\p{C}]+)*)?)?$/u
const LIMITS: WebSocketLimits = { maxMessageBytes: 64 * 1024, maxFragments: 16, closeWithinMs: 2_000 }

/** The page at `/live/<stream>`, which makes a browser's microphone the source of a stream, and its WebSocket at that path. */
export function createLivePage(settings: LiveSettings, assets: Assets, clock: Clock, log: Logger): LivePage {
  const { publishing, token, hasTls, isAlone, linksFor } = settings
  const connections = new LiveConnections(publishing, token, clock, log)
  const handshake = createHandshake(LIMITS)
  const page: Page = {
    owns: (path) => PATH.test(path),
    async answer(request, response) {
      const name = nameIn(request.path)
      const listen = encodePath(name)
      const html = await assets.html('live', {
        name,
        title: name === '' ? 'Go on air' : name,
        root: request.root,
        listen: request.root + listen,
        address: `${ownAddress(request, isAlone)}/${listen}`,
        tls: hasTls ? 'on' : 'off',
        links: linksFor('live', request),
      })
      response.writeHead(200, { ...pageHeaders({ microphone: true }), 'Content-Type': 'text/html; charset=utf-8' })
      response.end(html)
    },
    upgrade(request, socket, head) {
      const name = nameIn(request.path)
      if (name === '') return refuseHandshake(socket, 404, 'the name of the stream is missing: /live/NAME')
      handshake(request, socket, head, (opened) => connections.add(opened, `/${name}`, request))
    },
  }
  return { page, close: () => connections.close() }
}

function nameIn(path: string): string {
  return PATH.exec(path)?.[1] ?? ''
}
