import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { DirectoryEntry } from '../../src/announcing/directory-entry.ts'
import type { Stream } from '../../src/stream/stream.ts'
import { listen } from '../client.ts'
import { createManualClock } from '../manual-clock.ts'
import { startServer } from '../streamserve.ts'
import { startDirectory } from './directory.ts'

const STATION = `name Night & Day
url https://radio.example/
[/a b.wav]
exec cat /dev/zero
pcm s16le:8000:1
public
max-listeners 7
genre Jazz
description A, b
[/private]
demo
warm
[/hidden]
demo
warm
public
hidden
[/members]
demo
warm
public
listen-key 0123456789abcdef
`

t.test('lists public streams while the program runs', async (t) => {
  const directory = await startDirectory(t)
  const file = join(t.testdir({ 'x.conf': STATION }), 'x.conf')
  const words = ['-config', file, '-directory', directory.url, '-public-url', 'https://radio.example/live/']
  const server = await startServer(t, words)
  await listen(t, server.port, '/a%20b.wav').bodyHas(1_000)
  const { form, headers } = await directory.request('add')
  t.match(headers, { 'user-agent': 'streamserve', 'content-type': 'application/x-www-form-urlencoded' })
  t.match(form, {
    sn: 'Night & Day',
    genre: 'Jazz',
    cpswd: '',
    desc: 'A, b',
    url: 'https://radio.example/',
    listenurl: 'https://radio.example/live/a%20b.wav?wav',
    type: 'audio/wav',
    stype: '',
    b: '128',
  })
  await server.logged(/directory listing started stream="\/a b\.wav"/)
  server.child.kill('SIGTERM')
  t.strictSame((await directory.request('remove')).form, { action: 'remove', sid: 'sid-1' })
  t.equal(directory.count('add'), 1, 'no other stream')
})

const FORM = { action: 'add', sn: 'x' }
/** What an entry reads of a stream. */
function streamOf(logged: string[]) {
  const log = (message: string, { reason = '' }: { readonly reason?: string }) =>
    logged.push(`${message} ${reason}`.trim())
  const titles = { newest: { text: 'One', from: 0 } }
  const stream = {
    log: { info: log, warn: log },
    titles,
    clients: 3,
    plan: { access: { maxListeners: 0 } },
    ring: { bytes: 0, us: 0 },
  }
  return { stream: stream as unknown as Stream, titles }
}

/** Starts an entry with a clock of its own. */
async function start(t: Test, answer?: (response: ServerResponse, action: string, number: number) => void) {
  const directory = await startDirectory(t, answer)
  const [clock, logged]: [ReturnType<typeof createManualClock>, string[]] = [createManualClock(), []]
  const { stream, titles } = streamOf(logged)
  const entry = new DirectoryEntry(directory.url, stream, FORM, clock)
  /** Advances in steps of 5 s until the directory has had a request. @returns seconds */
  const secondsUntil = async (action: string, number: number) => {
    const wanted = directory.request(action, number).then(() => true)
    for (let seconds = 0; ; seconds += 5) {
      const isThere = await Promise.race([
        wanted,
        new Promise<false>((resolve) => setTimeout(() => resolve(false), 15)),
      ])
      if (isThere) return seconds
      await clock.advance(5_000)
    }
  }
  return { directory, clock, logged, titles, entry, secondsUntil }
}

t.test('renews an entry as often as the directory asks, and sooner for a title', async (t) => {
  const { entry, titles, secondsUntil, directory, logged } = await start(t, (response) => {
    response.writeHead(200, { YPResponse: '1', SID: 's', TouchFreq: '100' }).end()
  })
  await secondsUntil('touch', 1)
  const { form } = await directory.request('touch')
  t.strictSame(form, { action: 'touch', sid: 's', st: 'One', listeners: '3', max_listeners: 'unlimited', stype: '' })
  const usual = await secondsUntil('touch', 2)
  t.ok(usual >= 95 && usual <= 105, `after ${usual} s`)
  titles.newest = { text: 'Two', from: 1 }
  entry.touchSoon()
  const sooner = await secondsUntil('touch', 3)
  t.ok(sooner >= 25 && sooner <= 35, `after ${sooner} s`)
  t.equal((await directory.request('touch', 3)).form['st'], 'Two')
  await entry.end()
  t.strictSame(logged, ['directory listing started', 'directory listing ended removed'])
})

t.test('tries again after a refusal, and logs each reason once', async (t) => {
  const { entry, secondsUntil, logged } = await start(t, (response, _, number) => {
    if (number === 1) response.writeHead(500).end()
    else if (number < 4) response.writeHead(200, { YPResponse: '0', YPMessage: 'no\u00a0<such> thing' }).end()
    else response.writeHead(200, { YPResponse: '1', SID: 's' }).end()
  })
  const seconds = [await secondsUntil('add', 2), await secondsUntil('add', 3), await secondsUntil('add', 4)]
  t.ok(
    seconds.every((s, i) => Math.abs(s - 60 * 2 ** i) <= 5),
    seconds.join(),
  )
  await secondsUntil('touch', 1)
  await entry.end()
  t.strictSame(logged, [
    'directory listing failed status 500, and no YPResponse: this is not a directory',
    'directory listing failed no\u00a0<such> thing',
    'directory listing started',
    'directory listing ended removed',
  ])
})

t.test('adds an entry again that the directory does not know any more', async (t) => {
  const { entry, secondsUntil, directory } = await start(t, (response, action) => {
    response.writeHead(200, { YPResponse: action === 'touch' ? '0' : '1', YPMessage: 'gone', SID: 's' }).end()
  })
  await secondsUntil('touch', 1)
  const seconds = await secondsUntil('add', 2)
  t.ok(seconds >= 55 && seconds <= 65, `after ${seconds} s`)
  await secondsUntil('touch', 2)
  await entry.end()
  t.equal(directory.count('remove'), 1)
})

t.test('waits 2 s for a directory that does not answer when the program ends', async (t) => {
  const { entry, clock, secondsUntil } = await start(t, (response, action) => {
    if (action !== 'remove') response.writeHead(200, { YPResponse: '1', SID: 's' }).end()
  })
  await secondsUntil('touch', 1)
  const ended = entry.end()
  await secondsUntil('remove', 1)
  await clock.advance(2_000)
  await ended
})
