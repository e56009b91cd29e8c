import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parsePcmFormat } from '../../filters/pcm-format.ts'
import { endlessWavHeader } from '../../filters/wav/header.ts'
import type { StatusReport } from '../../src/status/report.ts'
import { type Client, connectTo, listen } from '../client.ts'
import { makeFifo, openWriter } from '../fifos.ts'
import { until } from '../processes.ts'
import { type Server, startServer } from '../streamserve.ts'
import { breaksIn, toneBytes, toneProgram } from './tones.ts'

const MAIN_HZ = 443.217
const NIGHT_HZ = 701.313
const THIRD_HZ = 907.119
const PCM = 'pcm s16le:8000:1'
/** Bytes at the end of a body in which a tone is searched: 100 ms. */
const TAIL_BYTES = 1600

interface Station extends Server {
  readonly folder: string
}

/** Starts a station. @param lines are made with the folder and the words of a program that writes a tone */
async function startStation(
  t: Test,
  lines: (folder: string, tone: string) => readonly string[],
  head = PCM,
): Promise<Station> {
  const folder = t.testdir({ fifos: {}, empty: {} })
  const tone = toneProgram(folder).join(' ')
  const file = join(folder, 'station.conf')
  writeFileSync(file, ['fallback-after 300ms', head, ...lines(folder, tone)].join('\n'))
  return { ...(await startServer(t, ['-config', file])), folder }
}

/** Resolves when the newest samples of a listener are those of a tone. */
async function hears(client: Client, hz: number): Promise<void> {
  await until(`a tone of ${hz} Hz is heard`, () => {
    const body = client.body()
    const tail = body.subarray(body.length - (body.length % 2) - TAIL_BYTES)
    return body.length >= TAIL_BYTES && breaksIn(tail, hz).length === 0
  })
}

async function statusOf({ url }: Server, path: string) {
  const report = (await (await fetch(`${url}/status.json`)).json()) as StatusReport
  return report.streams.find((stream) => stream.path === path)
}

t.test('is another stream while the source is away, and its titles are heard', async (t) => {
  const server = await startStation(t, (folder, tone) => [
    '[/radio]',
    `exec ${tone} ${MAIN_HZ} 1500`,
    'fallback /night',
    'fill silence',
    '[/night]',
    `exec ${tone} ${NIGHT_HZ} 0`,
    `title-file ${folder}/title`,
    'close-idle',
    '[/never]',
    `path ${makeFifo(folder)}`,
    'fallback /night',
  ])
  writeFileSync(join(server.folder, 'title'), 'At Night')
  const never = listen(t, server.port, '/never?raw')
  await hears(never, NIGHT_HZ)
  await server.logged(/fallback started stream=\/never fallback=\/night reason="the source is not open yet"/)
  await server.logged(/title changed stream=\/never title="At Night"/)
  t.equal((await statusOf(server, '/never'))?.listeners, 1)
  t.equal((await statusOf(server, '/never'))?.fallback?.playing, '/night')
  t.equal((await statusOf(server, '/never'))?.source.state, 'waiting')
  const writer = openWriter(t, join(server.folder, 'fifo'))
  const bytes = toneBytes(THIRD_HZ, 1)
  writer.write(bytes)
  await server.logged(/fallback ended stream=\/never fallback=\/night time=\S+ reason="the source has frames"/)
  await until('the samples of the source are whole', () => never.body().includes(bytes))
  await hears(never, NIGHT_HZ)
  t.equal(server.count(/listener disconnected/), 0)
  t.equal(server.count(/fallback started stream=\/never/), 2)
})

t.test('leaves the other stream with the last listener', async (t) => {
  const server = await startStation(t, (folder, tone) => [
    '[/radio]',
    `path ${makeFifo(folder)}`,
    'fallback /night',
    'close-idle',
    '[/night]',
    `exec ${tone} ${NIGHT_HZ} 0`,
    'close-idle',
  ])
  t.equal(server.count(/source opened/), 0)
  const listener = listen(t, server.port, '/radio?raw')
  await hears(listener, NIGHT_HZ)
  listener.socket.destroy()
  await server.logged(/fallback ended stream=\/radio .*"the stream is closed"/)
  await server.logged(/source closed stream=\/night .*"no listeners"/)
  await until('the source is closed', async () => (await statusOf(server, '/radio'))?.source.state === 'closed')
  await hears(listen(t, server.port, '/radio?raw'), NIGHT_HZ)
})

t.test('may have a fallback itself, and the first one that has frames is used', async (t) => {
  const server = await startStation(t, (folder, tone) => [
    '[/a]',
    `path ${makeFifo(folder, 'a')}`,
    `fallback ${folder}/empty`,
    'fallback /fifos/silent',
    'fallback /b',
    '[/b]',
    `path ${makeFifo(folder, 'b')}`,
    'fallback /c',
    '[/c]',
    `exec ${tone} ${NIGHT_HZ} 0`,
    '[/fifos/]',
    `path ${folder}/fifos`,
  ])
  makeFifo(join(server.folder, 'fifos'), 'silent')
  await hears(listen(t, server.port, '/a?raw'), NIGHT_HZ)
  await server.logged(/fallback started stream=\/a fallback=\/b /)
  await server.logged(/fallback started stream=\/b fallback=\/c /)
})

t.test('is not used when its format is another one, and silence goes on', async (t) => {
  const server = await startStation(t, (folder, tone) => [
    '[/radio]',
    `path ${makeFifo(folder)}`,
    'fill silence',
    'fallback /fast',
    '[/fast]',
    'pcm s16le:16000:1',
    `exec ${tone} ${NIGHT_HZ} 0`,
  ])
  const listener = listen(t, server.port, '/radio?raw')
  openWriter(t, join(server.folder, 'fifo')).write(toneBytes(MAIN_HZ, 1))
  const line = await server.logged(/fallback refused stream=\/radio fallback=\/fast/)
  t.match(line, /16000 Hz.* wanted=.*8000 Hz/)
  await until('silence is heard', () => listener.body().subarray(-TAIL_BYTES).equals(Buffer.alloc(TAIL_BYTES)))
  t.equal(server.count(/fallback refused/), 1)
  t.equal(server.count(/fallback started/), 0)
})

t.test('is heard while there is no publisher', async (t) => {
  const server = await startStation(t, (_, tone) => [
    '[/dj]',
    'publish',
    'publish-anybody',
    'fallback /night',
    '[/night]',
    `exec ${tone} ${NIGHT_HZ} 0`,
  ])
  const listener = listen(t, server.port, '/dj?raw')
  await hears(listener, NIGHT_HZ)
  const head = 'PUT /dj HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n\r\n'
  const publisher = connectTo(t, server.port, head)
  publisher.socket.write(toneBytes(MAIN_HZ, 1))
  await server.logged(/fallback ended stream=\/dj/)
  publisher.socket.end()
  await until('its samples are heard', () => listener.body().includes(toneBytes(MAIN_HZ, 1).subarray(0, 8000)))
  await hears(listener, NIGHT_HZ)
  t.equal(server.count(/listener disconnected/), 0)
})

/** A second of a tone as WAV. */
function wav(rate: number): Buffer {
  return Buffer.concat([endlessWavHeader(parsePcmFormat(`s16le:${rate}:1`)), toneBytes(MAIN_HZ, 1)])
}

/** A stream of WAV with a fallback of another format. */
function wavStation(folder: string, tone: string): readonly string[] {
  return ['[/radio]', `path ${makeFifo(folder)}`, 'fallback /night', '[/night]', PCM, `exec ${tone} ${NIGHT_HZ} 0`]
}

t.test('ends listeners when the source is back with another format, and goes on', async (t) => {
  const server = await startStation(t, wavStation, '')
  const fifo = join(server.folder, 'fifo')
  const first = listen(t, server.port, '/radio')
  const writer = openWriter(t, fifo)
  writer.write(wav(8000))
  await first.bodyHas(8000)
  await writer.end(wav(16_000))
  await first.closed
  await server.logged(/listener disconnected stream=\/radio .*"format changed"/)
  const next = listen(t, server.port, '/radio')
  openWriter(t, fifo).write(wav(16_000))
  await next.bodyHas(8000)
  t.equal(next.body().readUInt32LE(24), 16_000)
})
