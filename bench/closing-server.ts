/** The least that a server in Node.js can do with connections: it accepts each and closes it at once. */

import { type AddressInfo, createServer } from 'node:net'

const server = createServer((socket) => socket.destroy())
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
