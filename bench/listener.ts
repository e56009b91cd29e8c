/** One listener of the benches: asks for the stream, throws the bytes away as cheaply as possible, and counts. */

import { connect, type Socket } from 'node:net'
import { type CollectHead, createHeadCollector } from '../src/transport/head-collector.ts'
import { createFrameCheck, type FrameCheck } from './frames.ts'

const REQUEST = 'GET / HTTP/1.0\r\n\r\n'

/** All listeners read into this one: each read is dealt with before the next. */
const readBuffer = Buffer.allocUnsafe(65_536)

export interface Listener {
  readonly socket: Socket
  /** Since the last `restartCounts`, the response's head included. */
  bytes: number
  /** The longest time between two reads since then. In milliseconds. */
  longestGapMs: number
  /** When it last got bytes, by `performance.now()`; 0 before the first. */
  lastReadMs: number
  /** True once the server has ended the response, or broken it. */
  ended: boolean
  /** Of the frames since the start; undefined when this listener does not look at them. */
  readonly check: FrameCheck | undefined
}

/**
 * Connects to a server on this machine.
 * @param checked true looks at each frame; false only counts bytes.
 * @returns the listener, once its first bytes are there. It rejects when the connection ends before.
 */
export function openListener(port: number, checked: boolean): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const check = checked ? createFrameCheck() : undefined
    const findBody = check && skipHead(check)
    const socket = connect({
      host: '127.0.0.1',
      port,
      onread: {
        buffer: readBuffer,
        callback(length) {
          if (listener.lastReadMs === 0) resolve(listener)
          count(listener, length)
          findBody?.(readBuffer.subarray(0, length))
          return true
        },
      },
    })
    const listener: Listener = { socket, bytes: 0, longestGapMs: 0, lastReadMs: 0, ended: false, check }
    socket.on('error', reject)
    socket.on('close', () => {
      listener.ended = true
      reject(new Error('the server closed the connection before the first byte'))
    })
    socket.write(REQUEST)
  })
}

/** Starts to count bytes and gaps from here. */
export function restartCounts(listener: Listener): void {
  listener.bytes = 0
  listener.longestGapMs = 0
  listener.lastReadMs = performance.now()
}

function count(listener: Listener, length: number): void {
  const now = performance.now()
  const gap = listener.lastReadMs === 0 ? 0 : now - listener.lastReadMs
  listener.bytes += length
  listener.longestGapMs = Math.max(listener.longestGapMs, gap)
  listener.lastReadMs = now
}

/** Gives what comes behind the response's head to the check. */
function skipHead(check: FrameCheck): (chunk: Buffer) => void {
  let collectHead: CollectHead | undefined = createHeadCollector()
  return (chunk) => {
    if (collectHead === undefined) return check.push(chunk)
    const done = collectHead(chunk)
    if (done === undefined) return
    collectHead = undefined
    check.push(done.rest)
  }
}
