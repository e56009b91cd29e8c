import type { Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../clock.ts'
import { answerAndClose } from './answer-and-close.ts'
import { watchDescriptors } from './descriptors.ts'
import { textAnswer } from './response-head.ts'

/** Refusals are told together, so often, in milliseconds. */
const TELL_EVERY_MS = 5_000
const LINE = 'there is no room for more listeners here, try again later'
const RETRY = { 'Retry-After': '10' }

/** @returns what says whether a connection may come in; to one that may not, 503 is said (RFC 9110, section 15.6.4). */
export function createDoorman(clock: Clock, log: Logger): (socket: Socket) => boolean {
  const descriptors = watchDescriptors()
  let refused = 0
  let isTelling = false
  const tell = () => {
    isTelling = refused > 0
    if (!isTelling) return
    log.warn('no room for more connections', { refused })
    refused = 0
    clock.after(TELL_EVERY_MS, tell)
  }
  return (socket) => {
    if (!descriptors.isScarce(socket)) return true
    refused++
    if (!isTelling) tell()
    const answer = textAnswer(503, LINE, { fields: RETRY })
    if (descriptors.isDesperate(socket)) socket.end(answer, () => socket.destroy())
    else answerAndClose(socket, answer, clock)
    return false
  }
}
