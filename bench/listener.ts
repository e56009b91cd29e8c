/** One listener of the benches: requests the stream and checks every byte, as cheaply as possible. */

import { connect, type Socket } from 'node:net'
import { type CollectHead, createHeadCollector } from '../src/transport/http/head-collector.ts'
import { createFrameCheck } from './frame-check.ts'
import type { Tally } from './tally.ts'

/** Read buffer shared by all listeners: each read is processed before the next. */
const readBuffer = Buffer.allocUnsafe(65_536)
const zeros = Buffer.alloc(readBuffer.length)

/** Content of the stream: that of `frames.ts`, from the beginning of a frame (`frames`) or from anywhere (`cut`); or zeros. */
export type Content = 'frames' | 'cut' | 'zeros'

/** Address of a stream on this machine. */
export interface Place {
  readonly port: number
  readonly path: string
}

export interface Listener {
  readonly socket: Socket
  /** Time of the last read, by `performance.now()`; 0 before the first. */
  lastReadMs: number
  /** True once the server has ended or reset the response. */
  ended: boolean
}

/**
 * Connects.
 * @returns the listener, once its first bytes have arrived. It rejects when the connection ends before.
 */
export function openListener({ port, path }: Place, content: Content, tally: Tally): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const judge = behindHead(bodyJudge(content, tally))
    const socket = connect({
      host: '127.0.0.1',
      port,
      onread: {
        buffer: readBuffer,
        callback(length) {
          if (listener.lastReadMs === 0) resolve(listener)
          count(listener, tally)
          judge(readBuffer.subarray(0, length))
          return true
        },
      },
    })
    const listener: Listener = { socket, lastReadMs: 0, ended: false }
    socket.on('error', reject)
    socket.on('close', () => {
      listener.ended = true
      reject(new Error('the server closed the connection before the first byte'))
    })
    socket.write(`GET ${path} HTTP/1.0\r\n\r\n`)
  })
}

/** Requests the stream and never reads it. */
export function openStalled({ port, path }: Place): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.pause()
      socket.write(`GET ${path} HTTP/1.0\r\n\r\n`, () => resolve(socket))
    })
    socket.on('error', reject)
  })
}

/** Time since its last read, or since counting began, in milliseconds. */
export function waitedMs(listener: Listener, tally: Tally): number {
  return performance.now() - Math.max(listener.lastReadMs, tally.sinceMs)
}

function count(listener: Listener, tally: Tally): void {
  if (listener.lastReadMs > 0) tally.longestGapMs = Math.max(tally.longestGapMs, waitedMs(listener, tally))
  listener.lastReadMs = performance.now()
  tally.reads++
}

/** Passes the bytes after the response head to `judge`. */
function behindHead(judge: (bytes: Buffer) => void): (chunk: Buffer) => void {
  let collectHead: CollectHead | undefined = createHeadCollector()
  return (chunk) => {
    if (collectHead === undefined) return judge(chunk)
    const done = collectHead(chunk)
    if (done === undefined) return
    collectHead = undefined
    judge(done.rest)
  }
}

function bodyJudge(content: Content, tally: Tally): (bytes: Buffer) => void {
  const { verdict } = tally
  if (content === 'zeros') {
    return (bytes) => {
      if (bytes.equals(zeros.subarray(0, bytes.length))) verdict.bytes += bytes.length
      else verdict.corrupt++
    }
  }
  const check = createFrameCheck(content === 'cut')
  const frameCame = (stamp: bigint) => tally.delays.add(Number(process.hrtime.bigint() - stamp) / 1000)
  return (bytes) => check.push(bytes, verdict, frameCame)
}
