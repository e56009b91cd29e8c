import type { Test } from 'tap'
import { WebSocket } from 'ws'
import { until } from '../processes.ts'
import type { Server } from '../streamserve.ts'

export const TOKEN = 'open-sesame'

/** Somebody who would like to be on air, without a page. */
export interface LiveSpeaker {
  readonly opened: WebSocket
  /** What the server has said so far. */
  readonly said: readonly { readonly type: string; readonly listeners: number }[]
  /** Resolved when listeners can hear. */
  onAir(): Promise<void>
  /** Resolved when the server has told of so many listeners. */
  isHeardBy(listeners: number): Promise<void>
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
}

let speakers = 0

/** Opens a WebSocket at the page of a stream and says hello, unless `hello` is null. */
export function speak(t: Test, server: Server, name: string, hello: object | null = {}): LiveSpeaker {
  const opened = new WebSocket(`ws://127.0.0.1:${server.port}/live/${name}`, { perMessageDeflate: false })
  const said: LiveSpeaker['said'][number][] = []
  const me = `speaker-${process.pid}-${++speakers}`
  opened.on('error', () => {})
  opened.on('open', () => {
    if (hello !== null) opened.send(JSON.stringify({ type: 'hello', token: TOKEN, me, rate: 48_000, ...hello }))
  })
  opened.on('message', (data: Buffer) => said.push(JSON.parse(data.toString())))
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    opened.on('close', (code, reason) => resolve({ code, reason: String(reason) }))
  })
  t.teardown(() => opened.terminate())
  return {
    opened,
    said,
    onAir: () => until('on air', () => said.length > 0),
    isHeardBy: (count) => until(`${count} listeners`, () => said.at(-1)?.listeners === count),
    closed,
  }
}

/** Samples of 16 bit whose values are numbers, one after the other. */
export function sampleBytes(from: number, count: number): Buffer {
  const bytes = Buffer.alloc(2 * count)
  for (let i = 0; i < count; i++) bytes.writeUInt16LE((from + i) & 0xffff, 2 * i)
  return bytes
}
