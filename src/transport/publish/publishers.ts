import type { Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import type { PublisherGate } from '../../access/publisher-gate.ts'
import type { CountRefusal } from '../../access/refusal-counts.ts'
import type { Publishing } from '../../station/publishing.ts'
import type { Clock } from '../../system/clock.ts'
import { answerAndClose } from '../http/answer-and-close.ts'
import type { LineReception } from '../http/read-head.ts'
import type { RequestHead } from '../http/request-head.ts'
import { optionsAnswer, textAnswer } from '../http/response-head.ts'
import { isAdminPost, type TakeRequest } from '../routes.ts'
import type { AdminTitles } from './admin-titles.ts'
import type { PublisherParts } from './admit.ts'
import { respondToPublisher } from './publish-requests.ts'
import { RefusalLog } from './refusal-log.ts'
import { ALLOW } from './refuse-request.ts'
import { respondToShoutcast } from './shoutcast.ts'
import { isShoutcastLine } from './shoutcast-line.ts'
import { isTitleRequest, respondToTitle } from './title-requests.ts'

/** Responds to programs that publish. */
export interface Publishers {
  /** Responds to all requests that are not for a stream or a page. */
  readonly take: TakeRequest
  /** Responds to SHOUTcast 1. */
  readonly lines: LineReception
}

/**
 * @param isEnabled returns whether programs can publish at any path; as long as it returns false, requests and lines are left to
 * others
 */
export function createPublishers(
  publishing: Publishing,
  gate: PublisherGate,
  titles: AdminTitles,
  isEnabled: () => boolean,
  countRefusal: CountRefusal,
  clock: Clock,
  log: Logger,
): Publishers {
  const parts: PublisherParts = { publishing, gate, titles, refusals: new RefusalLog(countRefusal, clock, log), clock }
  return {
    async take(request, socket) {
      const isForTitle = isTitleRequest(request)
      const isTaken = isForTitle
        ? isEnabled() || titles.admins.accounts !== undefined
        : isEnabled() && !isForPages(request)
      if (isTaken) await (isForTitle ? respondToTitle : respond)(request, socket, parts)
      return isTaken
    },
    lines: {
      accepts: (line) => isShoutcastLine(line) && isEnabled(),
      handle(line, socket) {
        respondToShoutcast(line, socket, parts).catch((error: unknown) => {
          log.error('request failed', { error: String(error) })
          socket.destroy()
        })
      },
    },
  }
}

function isForPages(request: RequestHead): boolean {
  return request.method === 'GET' || request.method === 'HEAD' || isAdminPost(request)
}

async function respond(request: RequestHead, socket: Socket, parts: PublisherParts): Promise<void> {
  const { method, version } = request
  if (method === 'PUT' || method === 'SOURCE') return respondToPublisher(request, socket, parts)
  const options = { version, fields: { Allow: ALLOW } }
  const answer =
    method === 'OPTIONS'
      ? optionsAnswer(options)
      : textAnswer(405, `only ${ALLOW.replace(/, (\w+)$/, ' and $1')} are supported`, options)
  answerAndClose(socket, answer, parts.clock)
}
