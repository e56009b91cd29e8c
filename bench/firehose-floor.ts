/** Maximum throughput of Node: writes one shared Buffer of zeros to each listener, again and again, as fast as each reads. */

import type { Socket } from 'node:net'
import { serveBare } from './bare-server.ts'

const ZEROS = Buffer.alloc(65_536)

serveBare((socket) => {
  socket.on('drain', write)
  write.call(socket)
})

/** A socket whose write completed at once gets its next one in a later turn, so that all sockets get theirs. */
function write(this: Socket): void {
  if (this.write(ZEROS)) setImmediate(() => write.call(this))
}
