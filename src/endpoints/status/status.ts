import type { ServerResponse } from 'node:http'
import type { Feed } from '../../events/feed.ts'
import type { Status } from '../../status/status.ts'
import type { StatusSubscribers } from '../../status/status-subscribers.ts'
import { encodePath } from '../../stream/encode-path.ts'
import type { Assets } from '../assets.ts'
import { pageHeaders } from '../headers.ts'
import { ownAddress } from '../own-address.ts'
import type { Page } from '../page.ts'
import type { LinksFor } from '../page-links.ts'
import type { PageRequest } from '../page-request.ts'
import { type QrCodes, sendQrCode } from '../qr-codes.ts'
import type { Viewer, Viewers } from '../viewers.ts'
import { sendFeed } from './feed-page.ts'
import { sendEvents } from './status-events.ts'

/** Clients that may see the status, from `-status`; with `off` the page does not exist. */
type StatusAccess = 'local' | 'all'

/** Dependencies and settings of the status page. */
export interface StatusPageOptions {
  readonly access: StatusAccess
  /** The program listens to this machine only. */
  readonly isAlone: boolean
  readonly status: Status
  readonly subscribers: Readonly<Record<Viewer, StatusSubscribers>>
  readonly viewers: Viewers
  readonly feed: Feed
  readonly assets: Assets
  readonly codes: QrCodes
  readonly linksFor: LinksFor
}

type Answer = (request: PageRequest, response: ServerResponse, viewer: Viewer) => void | Promise<void>

const REFUSAL =
  'the status is shown to this machine and its network only, at an address of its own; -status=all shows it to all clients, and -admin-password to an administrator'

/**
 * `/status`, a page; `/status.json`, a StatusReport; `/status/events`, the same as it changes; `/status/feed`, the events of the
 * program; and `/status/qr.svg?stream=/cd`, the address of a stream for phones, which show its page.
 */
export function createStatusPage(options: StatusPageOptions): Page {
  const { access, isAlone, status, subscribers, viewers, feed, assets, codes, linksFor } = options
  const answers: Readonly<Record<string, Answer>> = {
    async '/status'(request, response) {
      const address = ownAddress(request, isAlone)
      const html = await assets.html('status', { root: request.root, address, links: linksFor('status', request) })
      send(response, 'text/html; charset=utf-8', html)
    },
    async '/status.json'(_, response, viewer) {
      const report = await status.report(viewer === 'operator')
      send(response, 'application/json', `${JSON.stringify(report, undefined, 2)}\n`)
    },
    '/status/events'({ message, network }, response, viewer) {
      if (message.method === 'HEAD') send(response, 'text/event-stream', '')
      else sendEvents(subscribers[viewer], network, response)
    },
    '/status/feed'(request, response, viewer) {
      sendFeed(feed, request, response, viewer === 'public')
    },
    '/status/qr.svg'(request, response) {
      const address = ownAddress(request, isAlone) + encodePath(request.query.get('stream') ?? '/')
      sendQrCode(codes, address, request.network, response)
    },
  }
  return {
    owns: (path) => Object.hasOwn(answers, path),
    async answer(request, response) {
      const viewer = await viewers.admit(request, response, access, REFUSAL)
      if (viewer !== undefined) await answers[request.path]?.(request, response, viewer)
    },
  }
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { ...pageHeaders(), 'Content-Type': type })
  response.end(body)
}
