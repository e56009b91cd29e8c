import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parsePcmFormat } from '../../filters/pcm-format.ts'
import { endlessWavHeader } from '../../filters/wav/header.ts'
import { connectTo, listen } from '../client.ts'
import { sampleBytes, speak, TOKEN } from '../endpoints/live/live-publisher.ts'
import { type Server, startServer } from '../streamserve.ts'

const WAV_HEADER = endlessWavHeader(parsePcmFormat('s16le:48000:1'))
const SAMPLES = 4_800
const DJ = ['[/dj]', 'publish', 'publish-password one']
const GUESTS = ['[/guests/*]', 'publish', 'publish-password one']

/** Starts a station. @returns also a function that changes its file and waits until it is reloaded */
async function start(t: Test, lines: readonly string[]) {
  const file = join(t.testdir({}), 'station.conf')
  writeFileSync(file, lines.join('\n'))
  const server = await startServer(t, ['-config', file])
  const reload = async (next: readonly string[]) => {
    writeFileSync(file, next.join('\n'))
    const before = server.count(/configuration reloaded/)
    server.child.kill('SIGHUP')
    await server.loggedTimes(/configuration reloaded/, before + 1)
  }
  return { server, reload }
}

/** Publishes WAV as a program does. */
function publish(t: Test, { port }: Server, path: string, password: string) {
  const authorization = Buffer.from(`source:${password}`).toString('base64')
  const fields = `Host: x\r\nUser-Agent: a test\r\nContent-Type: audio/wav\r\nAuthorization: Basic ${authorization}`
  const client = connectTo(t, port, `PUT ${path} HTTP/1.1\r\n${fields}\r\n\r\n`)
  client.socket.write(WAV_HEADER)
  return {
    client,
    send: (from: number) => client.socket.write(sampleBytes(from, SAMPLES)),
  }
}

t.test('a reload changes the passwords of wildcards, and the publishers on air stay', async (t) => {
  const { server, reload } = await start(t, GUESTS)
  const anna = publish(t, server, '/guests/anna', 'one')
  t.match(await anna.client.headCame(), / 200 /)
  await reload([...GUESTS.slice(0, -1), 'publish-password two'])
  t.match(await publish(t, server, '/guests/ben', 'one').client.headCame(), / 401 /)
  t.match(await publish(t, server, '/guests/ben', 'two').client.headCame(), / 200 /)
  anna.send(0)
  const listener = listen(t, server.port, '/guests/anna')
  await server.logged(/listener connected stream=\/guests\/anna/)
  anna.send(SAMPLES)
  await listener.bodyHas(WAV_HEADER.length + 2 * SAMPLES)
})

t.test('a reload disconnects the publisher of a stream that is removed', async (t) => {
  const { server, reload } = await start(t, [...DJ, ...GUESTS])
  const dj = publish(t, server, '/dj', 'one')
  const guest = publish(t, server, '/guests/anna', 'one')
  t.match(await dj.client.headCame(), / 200 /)
  t.match(await guest.client.headCame(), / 200 /)
  dj.send(0)
  await server.logged(/source opened stream=\/dj/)
  await reload(GUESTS)
  await dj.client.closed
  await server.logged(/publisher disconnected stream=\/dj .*reason="stream removed from the configuration"/)
  t.equal(server.count(/publisher disconnected/), 1)
})

t.test(
  'a listener waits at a configured path, and hears the publisher; below a wildcard there is no stream yet',
  async (t) => {
    const { server } = await start(t, [...DJ, ...GUESTS])
    t.match(await listen(t, server.port, '/guests/anna').headCame(), / 404 /)
    const listener = listen(t, server.port, '/dj')
    await server.logged(/listener connected stream=\/dj|source waiting stream=\/dj/)
    const dj = publish(t, server, '/dj', 'one')
    dj.send(0)
    dj.send(SAMPLES)
    t.match(await listener.headCame(), / 200 /)
    await listener.bodyHas(WAV_HEADER.length + 2 * SAMPLES)
  },
)

t.test('programs and browsers have one place', async (t) => {
  const { server } = await start(t, ['talk', `live-token ${TOKEN}`, ...DJ, ...GUESTS])
  const browser = speak(t, server, 'guests/anna')
  await browser.onAir()
  browser.opened.send(sampleBytes(0, SAMPLES))
  await server.logged(/source opened stream=\/guests\/anna/)
  t.match(await publish(t, server, '/guests/anna', 'one').client.headCame(), / 403 /)
  const dj = publish(t, server, '/dj', 'one')
  t.match(await dj.client.headCame(), / 200 /)
  t.match(await speak(t, server, 'dj').closed, { code: 4023 })
})

t.test('a newer connection of the same program replaces the older one, and listeners stay', async (t) => {
  const { server } = await start(t, DJ)
  const one = publish(t, server, '/dj', 'one')
  t.match(await one.client.headCame(), / 200 /)
  one.send(0)
  const listener = listen(t, server.port, '/dj')
  await listener.bodyHas(WAV_HEADER.length + 1)
  const two = publish(t, server, '/dj', 'one')
  await one.client.closed
  two.send(0)
  two.send(SAMPLES)
  await server.logged(/publisher disconnected stream=\/dj .*reason="replaced by a newer connection"/)
  await listener.bodyHas(WAV_HEADER.length + 2 * SAMPLES + 2 * SAMPLES)
  t.equal(server.count(/listener disconnected/), 0)
})
