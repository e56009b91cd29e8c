/** Times, aborts and memory of a relay. */
import type { Socket } from 'node:net'
import t from 'tap'
import type { Clock } from '../../../src/system/clock.ts'
import { createManualClock } from '../../manual-clock.ts'
import { until } from '../../processes.ts'
import { ok, readOpening, relayOf, startUpstream } from './upstream.ts'

/** What a server sends, the number of the timer that limits what is missing, and the reason. */
const SLOW: Readonly<Record<string, readonly [answer: string, timer: number, reason: RegExp, scheme?: string]>> = {
  'does not begin TLS': ['', 1, /: no connection within 10 s$/, 'https'],
  'does not answer': ['', 2, /: no answer within 10 s$/],
  'sends a part of its head': ['HTTP/1.1 200 OK\r\nicy-name: x\r\n', 2, /: no answer within 10 s$/],
  'sends its head only': [ok(), 3, /: no bytes within 10 s$/],
  'does not end its playlist': [`${ok()}#EXTM3U\n#EXTINF:-1,Radio\n`, 4, /: no end of the playlist within 10 s$/],
}
for (const [what, [answer, timer, reason, scheme = 'http']] of Object.entries(SLOW)) {
  t.test(`a server that ${what} fails after 10 s, and the next one is used`, async (t) => {
    const manual = createManualClock()
    const timers = { set: 0 }
    const after = (ms: number, then: () => void) => {
      timers.set++
      return manual.after(ms, then)
    }
    const clock: Clock = { now: () => manual.now(), after }
    const slow = await startUpstream(t, (socket) => socket.write(answer))
    const other = await startUpstream(t, (socket) => socket.end(`${ok()}sound`))
    const url = slow.url.replace('http', scheme)
    const expire = async () => {
      await until('the time is limited', () => timers.set === timer)
      await manual.advance(10_000)
      timers.set = 0
    }
    const alone = relayOf([url], {}, clock).open(new AbortController().signal)
    await Promise.all([t.rejects(alone, { name: 'SourceError', message: reason }), expire()])
    const both = readOpening(relayOf([url, other.url], {}, clock))
    await expire()
    t.equal((await both).text, 'sound')
    await until('the slow one is disconnected', () => slow.sockets.size === 0)
  })
}

t.test('an abort while it connects ends the opening, and uses no other address', async (t) => {
  const upstream = await startUpstream(t, () => {})
  const opening = new AbortController()
  const opened = relayOf([upstream.url, upstream.url]).open(opening.signal)
  await until('it is requested', () => upstream.requests.length === 1)
  opening.abort('no listeners')
  await t.rejects(opened, { name: 'SourceError' })
  await until('it is disconnected', () => upstream.sockets.size === 0)
  t.equal(upstream.requests.length, 1)
})

t.test('an abort ends the chunks, and disconnects', async (t) => {
  const upstream = await startUpstream(t, (socket) => socket.write(`${ok()}${'sound'.repeat(10)}`))
  const opening = new AbortController()
  const { chunks } = await relayOf([upstream.url]).open(opening.signal)
  for await (const _ of chunks) opening.abort('no listeners')
  await until('it is disconnected', () => upstream.sockets.size === 0)
})

t.test('a reader that stops disconnects, before and behind the first bytes', async (t) => {
  const upstream = await startUpstream(t, (socket) => socket.write(`${ok('icy-metaint: 3\r\n')}${'pop\0'.repeat(10)}`))
  for (const pieces of [1, 3]) {
    const { chunks } = await relayOf([upstream.url]).open(new AbortController().signal)
    let read = 0
    for await (const _ of chunks) if (++read === pieces) break
    await until('it is disconnected', () => upstream.sockets.size === 0)
  }
})

t.test('reads a body only as fast as it is consumed', async (t) => {
  const filled: Socket[] = []
  const upstream = await startUpstream(t, (socket) => {
    socket.write(ok())
    while (socket.write(Buffer.alloc(64 * 1024))) continue
    socket.once('drain', function more() {
      while (socket.writableLength < 1024 * 1024 && socket.write(Buffer.alloc(64 * 1024))) continue
      socket.once('drain', more)
    })
    filled.push(socket)
  })
  const { chunks } = await relayOf([upstream.url]).open(new AbortController().signal)
  // Buffers of the system fill up, and then nothing more is taken.
  let sent = -1
  await until('the server has to wait', () => {
    const [{ bytesWritten, writableLength } = { bytesWritten: 0, writableLength: 0 }] = filled
    const isSame = sent === bytesWritten - writableLength
    sent = bytesWritten - writableLength
    return isSame && writableLength > 0
  })
  t.ok(sent < 16 * 1024 * 1024, `${sent} bytes are under way`)
  let read = 0
  for await (const chunk of chunks) {
    read += chunk.length
    if (read > 2 * sent) break
  }
  t.ok(read > 2 * sent)
  await until('it is disconnected', () => upstream.sockets.size === 0)
})
