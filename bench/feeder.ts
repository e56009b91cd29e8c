/**
 * Writes the stream of the benches, each frame when it is due, until the reader closes: to standard output; given a port, to an
 * Icecast there as its source client; or given FIFOs, to each of them.
 */

import { openSync, writeSync } from 'node:fs'
import { connect } from 'node:net'
import { createFrameClock } from './frames.ts'
import { ICECAST_PATH, sourceRequest } from './icecast-config.ts'

const targets = process.argv.slice(2)

type Write = (bytes: Buffer) => void

function openFifos(paths: readonly string[]): Write {
  const fifos = paths.map((path) => openSync(path, 'w'))
  return (bytes) => {
    for (const fifo of fifos) writeSync(fifo, bytes)
  }
}

function openStream(port: string | undefined): Write {
  const out = port === undefined ? process.stdout : connectToIcecast(Number(port))
  out.on('error', () => process.exit())
  out.on('close', () => process.exit())
  return (bytes) => void out.write(bytes)
}

function connectToIcecast(port: number) {
  const socket = connect({ host: '127.0.0.1', port })
  socket.write(sourceRequest(ICECAST_PATH))
  return socket.resume()
}

const write = targets[0]?.startsWith('/') ? openFifos(targets) : openStream(targets[0])
const frames = createFrameClock()
function feed(): void {
  const due = frames.due()
  if (due.length > 0) write(due)
  setTimeout(feed, Math.max(1, frames.nextMs()))
}
feed()
