/**
 * Writes the stream of the benches, each frame when it is due, until the reader closes: to standard output, or, given a port,
 * to an Icecast there as its source client.
 */

import { connect } from 'node:net'
import { createFrameClock } from './frames.ts'
import { SOURCE_REQUEST } from './icecast-config.ts'

const port = process.argv[2]

function icecast(toPort: number) {
  const socket = connect({ host: '127.0.0.1', port: toPort })
  socket.write(SOURCE_REQUEST)
  return socket.resume()
}

const out = port === undefined ? process.stdout : icecast(Number(port))
out.on('error', () => process.exit())
out.on('close', () => process.exit())

const frames = createFrameClock()
function feed(): void {
  const due = frames.due()
  if (due.length > 0) out.write(due)
  setTimeout(feed, Math.max(1, frames.nextMs()))
}
feed()
