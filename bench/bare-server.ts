/** A server that does not parse requests. */

import { createServer, type Socket } from 'node:net'

const HEAD = 'HTTP/1.0 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n'

/** Listens on a local port, prints its address, and answers any bytes from a client with a response head. */
export function serveBare(listenerCame: (socket: Socket) => void): void {
  const server = createServer((socket) => {
    socket.once('data', () => {
      socket.write(HEAD)
      listenerCame(socket)
    })
    socket.on('error', () => socket.destroy())
  })
  server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
    const address = server.address()
    if (typeof address === 'object') console.log(`listening address=http://127.0.0.1:${address?.port}`)
  })
}
