import type { Socket } from 'node:net'
import type { Clock } from '../../system/clock.ts'
import { answerAndClose } from '../http/answer-and-close.ts'
import type { RequestHead } from '../http/request-head.ts'
import { textAnswer } from '../http/response-head.ts'
import type { Refusal } from './refusals.ts'

/** Methods that are supported where a program can publish. PUT in a response with status 401 lets libshout use it. */
export const ALLOW = 'GET, HEAD, OPTIONS, PUT, SOURCE'

/** Time after which a client may try again, in seconds. */
const RETRY_AFTER: Readonly<Record<number, string>> = { 429: '60', 503: '10' }

/** Refuses a request and closes its connection. The reason is also in the status line, which is what most programs show. */
export function refuseRequest({ version }: RequestHead, socket: Socket, refusal: Refusal, clock: Clock): void {
  const { status, reason } = refusal
  const fields = {
    'WWW-Authenticate': status === 401 ? 'Basic realm="publish", charset="UTF-8"' : undefined,
    Allow: status === 401 ? ALLOW : undefined,
    'Retry-After': RETRY_AFTER[status],
  }
  const phrase = status === 401 ? undefined : reason
  answerAndClose(socket, textAnswer(status, reason, { version, fields, phrase }), clock)
}
