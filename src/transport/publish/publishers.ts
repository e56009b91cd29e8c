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
import type { TakeRequest } from '../routes.ts'
import type { PublisherParts } from './admit.ts'
import { respondToPublisher } from './publish-requests.ts'
import { RefusalLog } from './refusal-log.ts'
import { ALLOW } from './refuse-request.ts'
import { respondToShoutcast } from './shoutcast.ts'
import { isShoutcastLine } from './shoutcast-line.ts'
import { isTitlePath, respondToTitle } from './title-requests.ts'

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
  isEnabled: () => boolean,
  countRefusal: CountRefusal,
  clock: Clock,
  log: Logger,
): Publishers {
  const parts: PublisherParts = { publishing, gate, refusals: new RefusalLog(countRefusal, clock, log), clock }
  return {
    async take(request, socket) {
      if (!isEnabled()) return false
      const { method, path } = request
      if (method === 'HEAD' || (method === 'GET' && !isTitlePath(path))) return false
      await (method === 'GET' ? respondToTitle : respond)(request, socket, parts)
      return true
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
