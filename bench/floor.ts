/**
 * What serving a stream costs in Node at the very least: a short head, then one write of one shared Buffer to each listener
 * every 100 ms. No pipe, no frames to find, nobody slow to care for.
 */

import { createServer, type Socket } from 'node:net'
import { createFrameClock } from './frames.ts'

const TICK_MS = 100
const HEAD = 'HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n'

const sockets = new Set<Socket>()
const framesDue = createFrameClock()

const server = createServer((socket) => {
  socket.once('data', () => {
    socket.write(HEAD)
    sockets.add(socket)
  })
  socket.on('close', () => sockets.delete(socket))
  socket.on('error', () => socket.destroy())
})

setInterval(() => {
  const frames = framesDue()
  for (const socket of sockets) socket.write(frames)
}, TICK_MS)

server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  const address = server.address()
  if (typeof address === 'object') console.log(`listening address=http://127.0.0.1:${address?.port}`)
})
