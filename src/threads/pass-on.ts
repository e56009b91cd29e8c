import { connect, type Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import type { HandOver } from '../transport/hand-over.ts'
import { originOf } from '../transport/origin.ts'
import { originLine } from './side-door.ts'

/**
 * Brings requests that are for no stream's bytes to the main thread, byte by byte, and the answers back. What nobody there
 * answers either is refused there.
 * @param path where its side door is.
 */
export function createPassOn(path: string, log: Logger): HandOver {
  return ({ socket, raw }) => {
    const inner = connect({ path, allowHalfOpen: true })
    inner.on('error', (error) => log.debug('a passed connection broke', { error: error.message }))
    inner.write(originLine(originOf(socket)))
    inner.write(raw)
    lead(socket, inner)
    lead(inner, socket)
    return true
  }
}

/** What comes from one goes to the other, no faster than it is taken; when one is closed, so is the other, once it has it all. */
function lead(from: Socket, to: Socket): void {
  from.pipe(to)
  from.on('close', () => to.destroySoon())
}
