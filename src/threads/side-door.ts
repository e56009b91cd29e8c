import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from '@logtape/logtape'
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
  const remove = () => rmSync(directory, { recursive: true, force: true })
  process.once('exit', remove)
  const server = createServer({ highWaterMark: 1, allowHalfOpen: true })
  const onBroken = (error: Error) => log.debug('a passed connection broke', { error: error.message })
  server.on('error', onBroken)
  server.on('connection', (socket) => {
    socket.on('error', onBroken)
    readOrigin(socket, receive)
  })
  const path = join(directory, 'door')
  server.listen(path)
  await once(server, 'listening')
  return {
    path,
    close() {
      server.close()
      process.off('exit', remove)
      remove()
    },
  }
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
