import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from '@logtape/logtape'
import { watchDescriptors } from '../transport/descriptors.ts'
import { type Origin, setOrigin } from '../transport/origin.ts'

/** Where delivery threads bring what they do not answer themselves. */
export interface SideDoor {
  /** Where to connect to. */
  readonly path: string
  /** Takes no new connections. */
  close(): void
}

/** An address and a port are far shorter; more without an end to the line comes from no thread of ours. In bytes. */
const LONGEST_LINE = 256
const LF = 0x0a
/** Connections that may wait to be accepted: as many as the front door lets wait, since each may be passed on. */
const BACKLOG = 4096

/**
 * Opens a way into this thread for connections that other threads have accepted, which cannot change hands. Each is told whose
 * it is by a line in front of its bytes:
 *
 *      client ---- delivery thread ---- {"address":"192.0.2.7",...}\nGET /status ... ---- this thread
 *
 * It is a socket in a directory that only this user may enter: whoever could forge such a line could do anything here anyway. An
 * abstract socket would be open to everybody on the machine, and is not known to all systems.
 * @param receive gets each connection as if it had come in by itself.
 */
export async function openSideDoor(receive: (socket: Socket) => void, log: Logger): Promise<SideDoor> {
  const directory = mkdtempSync(join(tmpdir(), 'streamserve-'))
  const remove = () => {
    try {
      rmSync(directory, { recursive: true, force: true })
    } catch {
      // Without a free descriptor at exit, the empty directory stays.
    }
  }
  process.once('exit', remove)
  const server = createServer({ highWaterMark: 1, allowHalfOpen: true })
  const onBroken = (error: Error) => log.debug('a passed connection broke', { error: error.message })
  server.on('error', onBroken)
  const descriptors = watchDescriptors()
  server.on('connection', (socket) => {
    socket.on('error', onBroken)
    // The thread that sent it answers with 503. All that wait are accepted before the first line of any is read.
    if (descriptors.isDesperate(socket)) socket.destroy()
    else readOrigin(socket, receive)
  })
  const path = join(directory, 'door')
  const close = () => {
    server.close()
    process.off('exit', remove)
    remove()
  }
  try {
    server.listen({ path, backlog: BACKLOG })
    await once(server, 'listening')
  } catch (error) {
    close()
    throw error
  }
  return { path, close }
}

/** What a connection begins with, for `readOrigin`. */
export function originLine(origin: Origin): string {
  return `${JSON.stringify(origin)}\n`
}

function readOrigin(socket: Socket, receive: (socket: Socket) => void): void {
  let line: Buffer = Buffer.alloc(0)
  const giveUp = () => void socket.destroy()
  const take = (chunk: Buffer) => {
    line = Buffer.concat([line, chunk])
    const end = line.indexOf(LF)
    if (end < 0 && line.length < LONGEST_LINE) return
    const origin = end < 0 ? undefined : originIn(line.toString('utf8', 0, end))
    socket.off('data', take)
    socket.off('end', giveUp)
    if (origin === undefined) giveUp()
    else begin(socket, origin, line.subarray(end + 1), receive)
  }
  socket.on('data', take)
  socket.on('end', giveUp)
}

function begin(socket: Socket, origin: Origin, rest: Buffer, receive: (socket: Socket) => void): void {
  setOrigin(socket, origin)
  socket.pause()
  if (rest.length > 0) socket.unshift(rest)
  receive(socket)
  socket.resume()
}

function originIn(line: string): Origin | undefined {
  try {
    return JSON.parse(line) as Origin
  } catch {
    return undefined
  }
}
