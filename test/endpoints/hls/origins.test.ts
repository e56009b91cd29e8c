import { mkdtempSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { decodeMp3 } from '../../filters/decoders.ts'
import { freePort } from '../../free-port.ts'
import { readPackedAudio } from '../../hls/read-packed-audio.ts'
import { until } from '../../processes.ts'
import { needs, runProgram } from '../../programs.ts'
import { type Server, startServer } from '../../streamserve.ts'
import { startCache } from './hls-cache.ts'
import { createHlsClient } from './hls-client.ts'
import { readPlaylist, startHls, withSegments } from './hls-server.ts'

const SECOND = ['hls', 'hls-segment 1s']

/** MP3 whose frames refer to earlier ones. */
function encodedMp3(seconds: number): Buffer {
  const sound = `aevalsrc=sin(2*PI*t*(300+40*t))*0.5+0.3*random(0)|sin(2*PI*t*500):s=44100:d=${seconds}`
  return runProgram('ffmpeg', [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    sound,
    '-b:a',
    '128k',
    '-f',
    'mp3',
    '-write_xing',
    '0',
    '-',
  ])
}

/** Numbers agree unless a step of five segments ends between the first samples of two origins. */
async function farFromStep(): Promise<void> {
  await until('no step of the numbers ends soon', () => Date.now() % 5_000 < 3_000)
}

t.test(
  'any mix of two origins of one input is one stream without a seam',
  { skip: needs('nginx', 'ffmpeg') },
  async (t) => {
    const origins = await Promise.all([startHls(t, SECOND), startHls(t, SECOND)])
    const proxy = await startCache(
      t,
      origins.map(({ port }) => port),
    )
    const mp3 = encodedMp3(9)
    const urls = origins.map(({ url }) => `${url}/hls/radio/live.m3u8`)
    const waiting = urls.map((url) => fetch(url))
    await Promise.all(origins.map((origin) => origin.logged(/source opened/)))
    await farFromStep()
    const begin = mp3.subarray(0, 20_000)
    for (const origin of origins) origin.write(begin)
    for (const origin of origins) origin.write(mp3.subarray(begin.length))
    await Promise.all(waiting)
    const [one, other] = await Promise.all(urls.map((url) => withSegments(url, 8)))
    t.equal(one?.sequence, other?.sequence)
    t.equal(one?.discontinuity, other?.discontinuity)
    const uris = one?.segments.map(({ uri }) => uri) ?? []
    t.strictSame(
      other?.segments.map(({ uri }) => uri),
      uris,
    )
    const client = createHlsClient(`${proxy}/hls/radio/live.m3u8`)
    await client.step()
    t.strictSame(client.faults, [])
    const of = async (origin: number) => {
      const requests = uris.map((uri) => fetch(new URL(uri, urls[origin])))
      const responses = await Promise.all(requests)
      return Promise.all(responses.map(async (response) => Buffer.from(await response.arrayBuffer())))
    }
    const [first, second] = [await of(0), await of(1)]
    for (const [at, bytes] of first.entries()) t.ok(second[at]?.equals(bytes), `segment ${at} is the same`)
    const mix = first.map((bytes, at) => (at % 2 === 0 ? bytes : (second[at] ?? bytes)))
    const samples = decodeMp3('ffmpeg', Buffer.concat(mix.flatMap((bytes) => readPackedAudio(bytes).frames)))
    const whole = decodeMp3('ffmpeg', mp3)
    t.ok(samples.length > 44_100 * 2 * 2 * 7)
    t.ok(samples.equals(whole.subarray(0, samples.length)), 'sample by sample')
    t.ok(Buffer.concat(client.played.map(({ bytes }) => bytes)).equals(Buffer.concat(first)), 'through the cache')
  },
)

t.test('500 clients of a cache cost the origin two requests a second', { skip: needs('nginx') }, async (t) => {
  const server = await startHls(t, ['hls', 'hls-segment 2s'])
  const proxy = await startCache(t, [server.port])
  server.give(6.5)
  const url = `${proxy}/hls/radio/live.m3u8`
  await withSegments(url, 2)
  const requests = async () => {
    const { streams } = (await (await fetch(`${server.url}/status.json`)).json()) as {
      streams: { hls: { requests: number } }[]
    }
    return streams[0]?.hls.requests ?? 0
  }
  const load = createLoad(t, url, 500, 2_000)
  await until('all clients have a segment', () => load.segments() >= 500)
  const before = { requests: await requests(), at: performance.now() }
  for (let i = 0; i < 6; i++) {
    server.give(2)
    await sleep(2_000)
  }
  const seconds = (performance.now() - before.at) / 1000
  const each = ((await requests()) - before.requests) / seconds
  t.comment(`${each.toFixed(2)} requests a second, ${load.requests()} of clients`)
  t.ok(each <= 2, `${each} requests a second`)
  t.strictSame(load.faults, [])
  t.ok(load.segments() > 500 * 5, `${load.segments()} segments`)
})

/** Clients that load a playlist, and its last segment when it is new. */
function createLoad(t: Test, url: string, clients: number, everyMs: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const faults: string[] = []
  const over = new AbortController()
  let [requests, segments] = [0, 0]
  const load = (target: string | URL) =>
    new Promise<string>((resolve) => {
      requests++
      const request = get(target, { agent }, (response) => {
        if (response.statusCode !== 200) faults.push(`${String(target)}: ${response.statusCode}`)
        let text = ''
        response.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
        response.on('end', () => resolve(text))
      })
      request.on('error', (error) => {
        if (!over.signal.aborted) faults.push(error.message)
        resolve('')
      })
    })
  const play = async (at: number) => {
    await sleep((at / clients) * everyMs)
    for (let last = ''; !over.signal.aborted; ) {
      const next = readPlaylist(await load(url)).segments.at(-1)?.uri
      if (next !== undefined && next !== last && (await load(new URL(next, url))) !== '') segments++
      last = next ?? last
      await sleep(everyMs)
    }
  }
  for (let at = 0; at < clients; at++) void play(at)
  t.teardown(() => {
    over.abort()
    agent.destroy()
  })
  return { faults, segments: () => segments, requests: () => requests }
}

/** Starts an origin whose sound differs with each start. */
async function startOrigin(t: Test, port: number): Promise<Server> {
  const file = join(mkdtempSync(join(tmpdir(), 'streamserve-hls-')), 'station.conf')
  const sound = `ffmpeg -v error -re -f lavfi -i 'sine=frequency='$((300 + $$ % 500)) -ac 2 -b:a 64k -flush_packets 1 -f mp3 -`
  writeFileSync(file, ['[/radio]', `exec "${sound}"`, 'warm', ...SECOND].join('\n'))
  return startServer(t, ['-address', `127.0.0.1:${port}`, '-config', file])
}

t.test(
  'clients go on with one discontinuity when an origin is killed and started again',
  { skip: needs('nginx', 'ffmpeg') },
  async (t) => {
    const port = await freePort()
    const origin = await startOrigin(t, port)
    const proxy = await startCache(t, [port])
    const url = `${proxy}/hls/radio/live.m3u8`
    const client = createHlsClient(url)
    const playing = async (segments: number) =>
      until('segments are played', async () => {
        await client.step()
        await sleep(300)
        return client.played.length >= segments
      })
    // More than a step of the numbers.
    await playing(8)
    const [uri] = client.played.map((one) => one.uri)
    origin.child.kill('SIGKILL')
    await origin.exited
    await sleep(1_500)
    const stale = await fetch(url)
    t.equal(stale.status, 200)
    t.equal(stale.headers.get('x-cache'), 'STALE')
    const before = client.played.length
    await client.step()
    t.ok(client.played.length - before <= 1, 'nothing new is there')
    await startOrigin(t, port)
    const all = client.played.length + 4
    await playing(all)
    t.strictSame(client.faults, [])
    t.equal(client.discontinuities(), 1)
    const sequences = client.played.map(({ sequence }) => sequence)
    t.strictSame(
      sequences,
      sequences.toSorted((one, other) => one - other),
    )
    t.equal((await fetch(new URL(uri ?? '', url))).status, 200, 'the cache has old segments')
    // As ffmpeg plays it.
    const sound = runProgram('ffmpeg', ['-v', 'error', '-i', url, '-t', '3', '-f', 's16le', '-'])
    t.ok(sound.length > 44_100 * 2 * 2 * 2.9, `${sound.length} bytes of samples`)
  },
)
