import { connect, type Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import { countedClient } from '../access/counted-client.ts'
import type { Clock } from '../system/clock.ts'
import { answerAndClose } from '../transport/answer-and-close.ts'
import { watchDescriptors } from '../transport/descriptors.ts'
import type { Doorman } from '../transport/doorman.ts'
import { createFoldedWarning } from '../transport/folded-warning.ts'
import type { HandOver } from '../transport/hand-over.ts'
import { originOf } from '../transport/origin.ts'
import { textAnswer } from '../transport/response-head.ts'
import { originLine } from './side-door.ts'

const LINE = 'there is no room for this request here, try again later'
const RETRY = { 'Retry-After': '10' }

/**
 * Brings requests that are for no stream's bytes to the main thread, byte by byte, and the answers back. What nobody there
 * answers either is refused there. It takes two more descriptors, one here and one there: without those, the answer is 503.
 * @param path where its side door is. @param makeRoomFor see `Doorman`
 */
export function createPassOn(path: string, makeRoomFor: Doorman['makeRoomFor'], clock: Clock, log: Logger): HandOver {
  const descriptors = watchDescriptors()
  const warn = createFoldedWarning('no room for requests that the main thread answers', 'refused', clock, log)
  const refuse = (socket: Socket) => {
    warn()
    answerAndClose(socket, textAnswer(503, LINE, { fields: RETRY }), clock)
  }
  /** Passed connections without an answer yet: the main thread may still have to take a descriptor for each. */
  let unanswered = 0
  return ({ request, socket }) => {
    const inner = connect({ path, allowHalfOpen: true })
    inner.on('error', (error) => log.debug('a passed connection broke', { error: error.message }))
    const client = countedClient(originOf(socket).address, request.headers)
    if (descriptors.isKeptBack(inner, unanswered + 1) && !makeRoomFor(client, inner)) {
      inner.destroy()
      refuse(socket)
      return true
    }
    unanswered++
    let isAnswered = false
    const answered = () => {
      if (!isAnswered) unanswered--
      isAnswered = true
    }
    inner.once('connect', () => {
      inner.write(originLine(originOf(socket)))
      socket.pipe(inner)
      inner.pipe(socket)
      inner.once('data', answered)
    })
    socket.once('close', () => inner.destroySoon())
    inner.once('close', () => {
      answered()
      if (inner.bytesRead > 0 || socket.destroyed) return socket.destroySoon()
      // The main thread could not accept it, or closed it without an answer.
      socket.unpipe(inner)
      refuse(socket)
    })
    return true
  }
}
