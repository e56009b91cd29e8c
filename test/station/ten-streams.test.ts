import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parsePcmFormat } from '../../filters/pcm-format.ts'
import { endlessWavHeader } from '../../filters/wav/header.ts'
import { renderMelody } from '../../src/source/demo/melody.ts'
import type { StatusReport } from '../../src/status/report.ts'
import { pause, systemClock } from '../../src/system/clock.ts'
import { type Client, listen } from '../client.ts'
import { makeFifo } from '../fifos.ts'
import { repetitions } from '../repetitions.ts'
import { plainEnvironment, startServer } from '../streamserve.ts'
import { breaksIn, RATE, toneBytes, toneProgram } from './tones.ts'

const CRASHES = repetitions(10, 50)
/** An opening that lives this long, in milliseconds, is healthy: the next one follows after a short pause. */
const LIFE_MS = 1050
/** Bytes of a second. */
const SECOND = 2 * RATE
const FILE_SECONDS = 2
/** Tones of files have a whole number of periods, so that they go on when a file begins again. */
const TONES = {
  '/exec': 443.217,
  '/second': 557.413,
  '/fifo': 631.109,
  '/file': 443.5,
  '/play': 521.5,
  '/towers/north': 701.313,
  '/towers/south': 809.717,
  '/edited': 907.119,
  '/crash': 1009.523,
} as const
const EDITED_HZ = 1103.927
const REMOVED_HZ = 1201.331
const ADDED_HZ = 1303.433
type Path = keyof typeof TONES

/** Opens a FIFO for a program that writes a tone to it. The program is ended with the test. */
function feed(t: Test, fifo: string, [program = '', ...words]: readonly string[], hz: number): void {
  const args = [...words, String(hz), '0']
  // Opened for reading too, so that opening does not wait for a reader.
  const child = spawn(program, args, { stdio: ['ignore', openSync(fifo, 'r+'), 'inherit'], env: plainEnvironment() })
  const exited = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
}

/** Writes the files and FIFOs of the station. @returns the configuration for the sections that change */
function writeStation(t: Test) {
  const folder = t.testdir({ towers: {} })
  const tone = toneProgram(folder)
  const wav = Buffer.concat([endlessWavHeader(parsePcmFormat('s16le:8000:1')), toneBytes(TONES['/play'], FILE_SECONDS)])
  writeFileSync(join(folder, 'play.wav'), wav)
  writeFileSync(join(folder, 'file.raw'), toneBytes(TONES['/file'], FILE_SECONDS))
  feed(t, makeFifo(folder), tone, TONES['/fifo'])
  feed(t, makeFifo(join(folder, 'towers'), 'north'), tone, TONES['/towers/north'])
  feed(t, makeFifo(join(folder, 'towers'), 'south'), tone, TONES['/towers/south'])
  const exec = (hz: number, lifeMs = 0) => `exec ${tone.join(' ')} ${hz} ${lifeMs}`
  const kept = `
# Ten streams.
name Ten

[/exec]
pcm s16le:8000:1
${exec(TONES['/exec'])}
[/second]
pcm s16le:8000:1
${exec(TONES['/second'])}
[/crash]
pcm s16le:8000:1
${exec(TONES['/crash'], LIFE_MS)}
[/fifo]
pcm s16le:8000:1
path ${folder}/fifo
[/file]
pcm s16le:8000:1
path ${folder}/file.raw
[/play]
play ${folder}/play.wav
[/demo]
demo
[/towers/]
pcm s16le:8000:1
path ${folder}/towers
`
  const file = join(folder, 'station.conf')
  return { file, write: (...more: string[]) => writeFileSync(file, kept + more.join('\n')), exec }
}

/** Returns the samples of a body, without the header of a WAV stream. */
function samplesOf(client: Client): Buffer {
  const body = client.body()
  return body.toString('latin1', 0, 4) === 'RIFF' ? body.subarray(44) : body
}

/** Whether a listener of the demo got the melody from one place on. */
function isMelody(body: Buffer): boolean {
  const frames = body.length >> 2
  const seconds = Math.ceil(frames / 44_100) + 60
  const melody = Buffer.concat(Array.from({ length: seconds }, (_, second) => renderMelody(second * 44_100, 44_100)))
  const start = melody.indexOf(body.subarray(0, 40_000))
  return start >= 0 && melody.subarray(start, start + 4 * frames).equals(body.subarray(0, 4 * frames))
}

/** Resolves when the source of `/crash` has ended `CRASHES` times. */
async function crashed(url: string): Promise<void> {
  for (let openings = 0; openings <= CRASHES; ) {
    await pause(systemClock, 500)
    const report = (await (await fetch(`${url}/status.json`)).json()) as StatusReport
    openings = report.streams.find(({ path }) => path === '/crash')?.source.openings ?? 0
  }
}

t.test('serves ten streams from one file, which change and fail without harm to each other', async (t) => {
  const { file, write, exec } = writeStation(t)
  const removed = `[/removed]\npcm s16le:8000:1\n${exec(REMOVED_HZ)}`
  write(`[/edited]\npcm s16le:8000:1\n${exec(TONES['/edited'])}`, removed)
  const server = await startServer(t, ['-config', file])
  const reload = async (answer: RegExp, ...sections: string[]) => {
    write(...sections)
    const before = server.count(answer)
    server.child.kill('SIGHUP')
    return (await server.loggedTimes(answer, before + 1)).at(-1)
  }
  const hears = async (target: string, hz: number) => {
    const client = listen(t, server.port, `${target}?raw`)
    await client.bodyHas(SECOND)
    t.strictSame(breaksIn(samplesOf(client), hz), [], `${target} is heard by its tone`)
    return client
  }
  const paths = Object.keys(TONES) as Path[]
  const clients = new Map(await Promise.all(paths.map(async (path) => [path, await hears(path, TONES[path])] as const)))
  const demo = listen(t, server.port, '/demo?raw')
  await demo.bodyHas(44_100 * 4)
  const gone = await hears('/removed', REMOVED_HZ)

  const edited = `[/edited]\npcm s16le:8000:1\n${exec(EDITED_HZ)}`
  t.match(await reload(/configuration reloaded/, edited, removed), 'streams=10 changed=1 removed=0')
  await clients.get('/edited')?.closed
  clients.delete('/edited')
  await hears('/edited', EDITED_HZ)

  const added = `[/added]\npcm s16le:8000:1\n${exec(ADDED_HZ)}`
  t.match(await reload(/configuration reloaded/, edited, added), 'streams=10 changed=1 removed=1')
  await gone.closed
  await hears('/added', ADDED_HZ)
  t.equal((await fetch(`${server.url}/removed`)).status, 404)

  t.match(await reload(/configuration rejected/, edited, added, 'brst 1s'), /station\.conf:\d+: -brst: no such flag/)
  await hears('/added', ADDED_HZ)

  await crashed(server.url)
  for (const [path, client] of clients) {
    t.notOk(client.socket.destroyed, `${path} is still connected`)
    if (path !== '/crash') t.strictSame(breaksIn(samplesOf(client), TONES[path]), [], `${path} lost nothing`)
    client.reset()
  }
  t.ok(isMelody(demo.body()), '/demo lost nothing')
  t.equal(server.count(/listener disconnected.* skipped=[1-9]/), 0)
})
