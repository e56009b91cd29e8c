/**
 * Minimal servers in Node, which do not parse requests. `floor.js TICK_MS COMMAND...` serves a stream, as `floor.c` does in C:
 * bytes received through a pipe from a command are one write of one shared Buffer to each listener a tick. `floor.js zeros`
 * writes one shared Buffer of zeros to each listener, again and again, as fast as each reads.
 */

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createServer, type Socket } from 'node:net'
import type { Readable } from 'node:stream'

const HEAD = 'HTTP/1.0 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n'

const ZEROS = Buffer.alloc(65_536)

/** Listens on a local port, prints its address, and answers any bytes from a client with a response head. */
function serve(onListener: (socket: Socket) => void): void {
  const server = createServer((socket) => {
    socket.once('data', () => {
      socket.write(HEAD)
      onListener(socket)
    })
    socket.on('error', () => socket.destroy())
  })
  server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
    const address = server.address()
    if (typeof address === 'object') console.log(`listening address=http://127.0.0.1:${address?.port}`)
  })
}

function serveStream(tickMs: number, command: string, args: readonly string[]): void {
  const waiting: Buffer[] = []
  const sockets = new Set<Socket>()
  const source: ChildProcessByStdio<null, Readable, null> = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  source.stdout.on('data', (chunk: Buffer) => waiting.push(chunk))
  setInterval(() => {
    const frames = Buffer.concat(waiting.splice(0))
    if (frames.length > 0) for (const socket of sockets) socket.write(frames)
  }, tickMs)
  serve((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
}

function serveZeros(): void {
  serve((socket) => {
    socket.on('drain', writeZeros)
    writeZeros.call(socket)
  })
}

/** A socket whose write completed at once gets its next one in a later turn, so that all sockets get theirs. */
function writeZeros(this: Socket): void {
  if (this.write(ZEROS)) setImmediate(() => writeZeros.call(this))
}

const [what, command = '', ...args] = process.argv.slice(2)
if (what === 'zeros') serveZeros()
else serveStream(Number(what), command, args)
