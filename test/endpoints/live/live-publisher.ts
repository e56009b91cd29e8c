import type { Test } from 'tap'
import { WebSocket } from 'ws'
import { until } from '../../processes.ts'
import type { Server } from '../../streamserve.ts'

export const TOKEN = 'open-sesame'

/** A browser publisher, without a page. */
export interface LiveSpeaker {
  readonly opened: WebSocket
  /** Messages received from the server. */
  readonly said: readonly { readonly type: string; readonly listeners: number }[]
  /** Resolves when listeners can hear the publisher. */
  onAir(): Promise<void>
  /** Resolves when the server has reported this number of listeners. */
  isHeardBy(listeners: number): Promise<void>
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
}

let speakers = 0

/** Opens a WebSocket at the page of a stream and sends hello, unless `hello` is null. */
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

/** 16-bit samples whose values are consecutive numbers. */
export function sampleBytes(from: number, count: number): Buffer {
  const bytes = Buffer.alloc(2 * count)
  for (let i = 0; i < count; i++) bytes.writeUInt16LE((from + i) & 0xffff, 2 * i)
  return bytes
}
