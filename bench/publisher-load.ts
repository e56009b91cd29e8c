/**
 * Publishers of the stream of the benches, each at a path of its own: `publisher-load.js PORT PUBLISHERS SPEED`. They send each
 * frame when it is due; at a SPEED of 100 that is 100 times as fast as real time, unless the server reads more slowly. When all of
 * them are accepted, it prints `publishing`; on SIGUSR2 how many are still connected, and the bytes that wait in this process.
 */

import { connect, type Socket } from 'node:net'
import { FRAME_MS, makeFrames } from './frames.ts'
import { publisherPath, sourceRequest } from './icecast-config.ts'

const [port = 0, publishers = 0, speed = 1] = process.argv.slice(2).map(Number)

/** Bytes that wait in a socket at most; frames beyond that are sent later. */
const MAX_WAITING = 1 << 20
const accepted = new Set<Socket>()
let connected = 0

/** Connects one after the other, because Icecast's accept queue is short. */
function connectNext(): void {
  const path = publisherPath(accepted.size)
  const socket = connect({ host: '127.0.0.1', port })
  connected++
  socket.on('error', (error) => console.error(`${path}: ${error.message}`))
  socket.on('close', () => connected--)
  socket.once('data', (answer) => {
    if (!/^HTTP\/1\.[01] 200 /.test(String(answer))) return console.error(`${path}: ${String(answer).split('\r\n')[0]}`)
    accepted.add(socket)
    if (accepted.size < publishers) connectNext()
    else console.log('publishing')
  })
  socket.write(sourceRequest(path))
}

/** Bytes that this process could not send yet. */
const waitingBytes = () => [...accepted].map(({ writableLength }) => writableLength)
connectNext()
const startedMs = performance.now()
let next = 0

function send(): void {
  const due = Math.floor(((performance.now() - startedMs) * speed) / FRAME_MS)
  const isFull = waitingBytes().some((bytes) => bytes > MAX_WAITING)
  if (due > next && !isFull) {
    const bytes = makeFrames(next, due - next)
    for (const socket of accepted) socket.write(bytes)
    next = due
  }
  setTimeout(send, Math.max(1, startedMs + ((next + 1) * FRAME_MS) / speed - performance.now()))
}
send()

process.on('SIGUSR2', () => {
  const waiting = waitingBytes().reduce((sum, bytes) => sum + bytes, 0)
  console.log(`connected=${connected} waiting=${waiting}`)
})
