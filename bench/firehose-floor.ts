/** As much as Node can write: one shared Buffer of zeros to each listener, again and again, as fast as each takes it. */

import type { Socket } from 'node:net'
import { serveBare } from './bare-server.ts'

const ZEROS = Buffer.alloc(65_536)

serveBare((socket) => {
  socket.on('drain', write)
  write.call(socket)
})

/** A socket whose write was taken at once has its next one in a later turn, so that all of them get theirs. */
function write(this: Socket): void {
  if (this.write(ZEROS)) setImmediate(() => write.call(this))
}
