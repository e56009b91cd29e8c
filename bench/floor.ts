/**
 * Minimum cost of serving a stream in Node, as `floor.c` is in C: bytes received through a pipe from a command are one write of
 * one shared Buffer to each listener a tick. `floor.js TICK_MS COMMAND...`
 */

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { serveBare } from './bare-server.ts'

const [tickMs, command = '', ...args] = process.argv.slice(2)
const waiting: Buffer[] = []
const sockets = new Set<Socket>()

const source: ChildProcessByStdio<null, Readable, null> = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
source.stdout.on('data', (chunk: Buffer) => waiting.push(chunk))

setInterval(() => {
  const frames = Buffer.concat(waiting.splice(0))
  if (frames.length > 0) for (const socket of sockets) socket.write(frames)
}, Number(tickMs))

serveBare((socket) => {
  sockets.add(socket)
  socket.on('close', () => sockets.delete(socket))
})
