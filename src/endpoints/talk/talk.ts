import { CLOSE_WITHIN_MS, MAX_FRAGMENTS, MAX_MESSAGE_BYTES } from '../../talk/limits.ts'
import type { Talk } from '../../talk/talk.ts'
import { createHandshake } from '../../websocket/handshake.ts'
import type { Assets } from '../assets.ts'
import { pageHeaders } from '../headers.ts'
import { ownAddress } from '../own-address.ts'
import type { Page } from '../page.ts'
import type { LinksFor } from '../page-links.ts'

/** `/talk`, alone or with the name of a room, which has no control or other invisible characters. */
const PATH = /^\/talk(?:\/([^/\p{C}]{1,64})?)?$/u

/** Properties of the server that determine the address shown on the page. */
export interface TalkPageOptions {
  /** Whether the port accepts HTTPS too, without which browsers deny access to the microphone. */
  readonly hasTls: boolean
  /** The server listens to this machine only. */
  readonly isAlone: boolean
  readonly linksFor: LinksFor
}

/** The page for conversations of two people, at `/talk` and `/talk/<room>`, and its WebSocket at the same path. */
export function createTalkPage(talk: Talk, assets: Assets, { hasTls, isAlone, linksFor }: TalkPageOptions): Page {
  const handshake = createHandshake({
    maxMessageBytes: MAX_MESSAGE_BYTES,
    maxFragments: MAX_FRAGMENTS,
    closeWithinMs: CLOSE_WITHIN_MS,
  })
  return {
    owns: (path) => PATH.test(path),
    async answer(request, response) {
      const { path, root, isSecure } = request
      const address = ownAddress({ ...request, isSecure: isSecure || hasTls }, isAlone) + encodeURI(path)
      const html = await assets.html('talk', {
        root,
        name: nameIn(path) || 'Talk',
        address,
        tls: hasTls ? 'on' : 'off',
        links: linksFor('talk', request),
      })
      response.writeHead(200, { ...pageHeaders({ microphone: true }), 'Content-Type': 'text/html; charset=utf-8' })
      response.end(html)
    },
    upgrade(request, socket, head) {
      // Users may type the name of a room in another case than their partner.
      const room = nameIn(request.path).normalize('NFKC').toLowerCase()
      handshake(request, socket, head, (opened) => {
        talk.enter(opened, { room, client: request.client, network: request.network })
      })
    },
  }
}

function nameIn(path: string): string {
  return PATH.exec(path)?.[1] ?? ''
}
