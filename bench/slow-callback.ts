/** A server that permits every listener, each after a time. `node slow-callback.js MS` */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const [, , afterMs] = process.argv
const server = createServer((message, response) => {
  message.resume()
  setTimeout(() => response.writeHead(200, { 'icecast-auth-user': '1' }).end(), Number(afterMs))
})
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
