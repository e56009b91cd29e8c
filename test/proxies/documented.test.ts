import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { request as requestSecurely } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { connect as connectSecurely } from 'node:tls'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import { connectTo, listen, type Reach } from '../client.ts'
import { until } from '../processes.ts'
import { needs } from '../programs.ts'
import { type Server, startServer } from '../streamserve.ts'
import { HTTP_PROXIES, startHaproxyTcp } from './documented-proxies.ts'

/** A client's address, which no proxy has. */
const CLIENT = '127.0.0.77'
const BROWSER = 'Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n'
/** Duration of the sound that is passed, in seconds: longer than what a proxy may hold back, 64 kB. */
const SECONDS = '10'
const TONE = 'ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=440:sample_rate=44100 -b:a 128k -f mp3 -'
const STATION = `
ban BANNED
access-log ACCESS
[/one]
demo
max-listeners-per-address 1
[/tone]
exec ${TONE}
warm
title-file TITLE
[/cd]
demo
[/dj]
publish
publish-password hackme
`

/** Connects over TLS from this address of the client. */
function reachFrom(localAddress: string): Reach {
  return (port) =>
    connectSecurely({
      socket: connect({ port, host: '127.0.0.1', localAddress }),
      servername: 'localhost',
      rejectUnauthorized: false,
    })
}

const fromElsewhere = reachFrom(CLIENT)

/** @returns the program, and its access log */
async function startStation(t: Test): Promise<Server & { readonly accessLog: string }> {
  const folder = t.testdir({ title: 'A title\n', banned: '127.0.0.79\n' })
  const file = join(folder, 'main.conf')
  const [accessLog, banned, title] = ['access.log', 'banned', 'title'].map((name) => join(folder, name))
  const text = STATION.replace('TITLE', `${title}`).replace('BANNED', `${banned}`).replace('ACCESS', `${accessLog}`)
  writeFileSync(file, text)
  const server = await startServer(t, ['-config', file, '-status', 'all', '-trusted-proxies', '127.0.0.1'])
  return { ...server, accessLog: `${accessLog}` }
}

t.setTimeout(180_000)
// Most of the time is spent on waiting for sound in real time.
t.jobs = 5
for (const [program, start] of Object.entries(HTTP_PROXIES)) {
  const skip = needs(program, 'ffmpeg')
  t.test(`${program}, as the documentation configures it`, { skip }, async (t) => {
    const server = await startStation(t)
    const port = await start(t, server.port)
    const host = `Host: localhost:${port}\r\n`
    const base = `https://localhost:${port}/radio`

    t.test('passes pages, which show its own address', async (t) => {
      const get = async (path: string) =>
        String(await connectTo(t, port, `GET ${path} HTTP/1.0\r\n${host}${BROWSER}\r\n`, fromElsewhere).closed)
      t.match(await get('/radio/tone.m3u'), `\n${base}/tone\n`)
      t.match(await get('/radio/player/cd'), `<code id="address">${base}/cd?wav</code>`)
      t.match(await get('/radio/status'), `data-address="${base}"`)
    })

    t.test('passes seconds of sound that ffmpeg decodes without a word, in time', async (t) => {
      const began = performance.now()
      const words = ['-v', 'warning', '-nostdin', '-i', `${base}/tone`, '-t', SECONDS, '-f', 's16le', '-']
      const { stdout, stderr } = await outputOf('ffmpeg', words)
      t.equal(stderr, '')
      t.ok(Math.abs(stdout.length / 88_200 - Number(SECONDS)) < 0.1)
      t.ok(performance.now() - began < 30_000)
    })

    t.test('passes titles, and the address of the client', async (t) => {
      const request = `GET /radio/tone HTTP/1.1\r\n${host}Icy-MetaData: 1\r\n\r\n`
      const client = connectTo(t, port, request, fromElsewhere)
      t.match(await client.headCame(), /^icy-metaint: ?16000/im)
      await client.bodyHas(16_100)
      t.match(client.body().toString('latin1'), /StreamTitle='A title'/)
      await server.logged(new RegExp(`listener connected.*/tone.* client=${CLIENT}\\b.* proxy=127\\.0\\.0\\.1:`))
    })

    t.test('passes events at once', async (t) => {
      const request = `GET /radio/status/events HTTP/1.1\r\n${host}\r\n`
      const events = connectTo(t, port, request, fromElsewhere)
      while (!events.body().includes('data: {"whole":false')) await events.bodyHas(events.body().length + 1)
      t.match(events.body().toString(), /data: {"whole":true[^]*data: {"whole":false/)
    })

    t.test('passes a WebSocket', async (t) => {
      const socket = new WebSocket(`wss://localhost:${port}/radio/cd?low`, {
        rejectUnauthorized: false,
        origin: `https://localhost:${port}`,
      })
      t.teardown(() => socket.terminate())
      await once(socket, 'message')
      await server.logged(/listener connected.*\/cd.*WebSocket/)
    })

    t.test('reports the address that limits, bans and the access log go by', async (t) => {
      const request = `GET /radio/one HTTP/1.1\r\n${host}\r\n`
      const ask = (address: string) => connectTo(t, port, request, reachFrom(address)).headCame()
      t.match(await ask(CLIENT), /^HTTP\/1\.1 200 /)
      t.match(await ask('127.0.0.78'), /^HTTP\/1\.1 200 /)
      t.match(await ask(CLIENT), /^HTTP\/1\.1 429 /)
      t.match(await ask('127.0.0.79'), /^HTTP\/1\.1 403 /)
      const line = new RegExp(`^${CLIENT} - - .*"GET /one HTTP/1.1" 429 `, 'm')
      await until('the access log has the refusal', async () => line.test(await readFile(server.accessLog, 'utf8')))
    })

    t.test('passes a publisher that sends in chunks', async (t) => {
      const tone = TONE.split(' ')
      const feeder = spawn(tone[0] ?? '', tone.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] })
      const upload = requestSecurely(`${base}/dj`, {
        method: 'PUT',
        auth: 'source:hackme',
        headers: { 'Content-Type': 'audio/mpeg' },
        localAddress: CLIENT,
        family: 4,
        rejectUnauthorized: false,
      })
      upload.on('error', () => {})
      feeder.stdout.pipe(upload)
      t.teardown(() => {
        feeder.kill()
        upload.destroy()
      })
      await server.logged(new RegExp(`publisher connected.* client=${CLIENT}\\b`))
      await listen(t, server.port, '/dj').bodyHas(50_000)
    })
  })
}

for (const header of ['send-proxy', 'send-proxy-v2']) {
  t.test(`haproxy in TCP mode with ${header}`, { skip: needs('haproxy', 'ffmpeg') }, async (t) => {
    const server = await startStation(t)
    const port = await startHaproxyTcp(t, server.port, header)

    t.test('passes sound with the address and port of the client', async (t) => {
      const words = [
        '-v',
        'warning',
        '-nostdin',
        '-i',
        `http://127.0.0.1:${port}/tone`,
        '-t',
        SECONDS,
        '-f',
        'null',
        '-',
      ]
      const { stderr } = await outputOf('ffmpeg', words)
      t.equal(stderr, '')
      const client = listen(t, port, '/cd', '', (to) => connect({ port: to, host: '127.0.0.1', localAddress: CLIENT }))
      await client.bodyHas(1_000)
      await server.logged(new RegExp(`listener connected.*/cd.* client=${client.address()} proxy=127\\.0\\.0\\.1:`))
    })

    t.test('passes a program that publishes to Icecast', async (t) => {
      const words = TONE.replace('-f mp3 -', `-f mp3 icecast://source:hackme@127.0.0.1:${port}/dj`).split(' ')
      const feeder = spawn(words[0] ?? '', words.slice(1), { stdio: 'ignore' })
      t.teardown(() => feeder.kill())
      await listen(t, server.port, '/dj').bodyHas(50_000)
      await server.logged(/publisher connected .*agent=Lavf/)
    })
  })
}

/** Runs a program to its end. */
async function outputOf(program: string, words: readonly string[]): Promise<{ stdout: Buffer; stderr: string }> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (text: Buffer) => (stderr += text))
  await once(child, 'close')
  return { stdout: Buffer.concat(chunks), stderr }
}
