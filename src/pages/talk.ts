import { CLOSE_WITHIN_MS, MAX_FRAGMENTS, MAX_MESSAGE_BYTES } from '../talk/limits.ts'
import type { Talk } from '../talk/talk.ts'
import type { Assets } from './assets.ts'
import { pageHeaders } from './headers.ts'
import { ownAddress } from './own-address.ts'
import type { Page } from './page.ts'
import { createHandshake } from './web-sockets.ts'

/** `/talk`, and rooms by name: what can be said, written and typed. */
const PATH = /^\/talk(?:\/([^/\p{C}]{1,64})?)?$/u

/** Where this server can be reached. */
export interface TalkPageOptions {
  /** HTTPS is spoken at the same port: browsers take no microphone without it. */
  readonly hasTls: boolean
  /** It listens to this machine only. */
  readonly isAlone: boolean
}

/** The page for two people who talk, at `/talk` and `/talk/<room>`, and its WebSocket at the same path. */
export function createTalkPage(talk: Talk, assets: Assets, { hasTls, isAlone }: TalkPageOptions): Page {
  const shake = createHandshake({
    maxMessageBytes: MAX_MESSAGE_BYTES,
    maxFragments: MAX_FRAGMENTS,
    closeWithinMs: CLOSE_WITHIN_MS,
  })
  return {
    owns: (path) => PATH.test(path),
    async answer(asked, response) {
      const { path, root, isSecure } = asked
      const address = ownAddress({ ...asked, isSecure: isSecure || hasTls }, isAlone) + encodeURI(path)
      const html = await assets.html('talk', {
        root,
        name: nameIn(path) || 'Talk',
        address,
        tls: hasTls ? 'on' : 'off',
      })
      response.writeHead(200, { ...pageHeaders({ microphone: true }), 'Content-Type': 'text/html; charset=utf-8' })
      response.end(html)
    },
    upgrade(asked, socket, head) {
      // Whoever is told the name of a room may type it in another case.
      const room = nameIn(asked.path).normalize('NFKC').toLowerCase()
      shake(asked, socket, head, (opened) => {
        talk.enter(opened, { room, client: asked.client, network: asked.network })
      })
    },
  }
}

function nameIn(path: string): string {
  return PATH.exec(path)?.[1] ?? ''
}
