import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { renderMelody } from '../../../src/source/demo/melody.ts'
import type { StatusReport } from '../../../src/status/report.ts'
import { listen } from '../../client.ts'
import { makeFifo, openWriter } from '../../fifos.ts'
import { needsProc, processesWith, uniqueToken, until, untilGone } from '../../processes.ts'
import { runProgram } from '../../programs.ts'
import { type Server, startServer } from '../../streamserve.ts'

const SECOND = 4 * 44_100

/** Starts a station of these lines. Its file is in the folder of the test. */
function startStation(t: Test, ...lines: readonly string[]): Promise<Server> {
  mkdirSync(t.testdirName, { recursive: true })
  const file = join(t.testdirName, 'station.conf')
  writeFileSync(file, lines.join('\n'))
  return startServer(t, ['-config', file])
}

/** The state of the source of a stream, and its counters. */
async function statusOf({ url }: Server, path: string) {
  const report = (await (await fetch(`${url}/status.json`)).json()) as StatusReport
  const found = report.streams.find((stream) => stream.path === path)
  if (found === undefined) throw new Error(`no status of ${path}`)
  return found
}

/** Whether samples are those of the demo from one place on. */
function isMelody(samples: Buffer): boolean {
  const seconds = Math.ceil(samples.length / SECOND) + 30
  const melody = Buffer.concat(Array.from({ length: seconds }, (_, second) => renderMelody(second * 44_100, 44_100)))
  const whole = samples.subarray(0, samples.length & ~3)
  const start = melody.indexOf(whole.subarray(0, 40_000))
  return start >= 0 && melody.subarray(start, start + whole.length).equals(whole)
}

t.test('sends the bytes of another stream, with its header, under a second path', async (t) => {
  const server = await startStation(t, '[/cd]', 'demo', '[/copy]', 'from /cd')
  const body = await listen(t, server.port, '/copy').bodyHas(SECOND)
  t.equal(body.toString('latin1', 0, 4), 'RIFF')
  t.ok(isMelody(body.subarray(44)))
  t.equal((await statusOf(server, '/cd')).listeners, 1)
  t.notMatch(server.log(), /listener connected stream=\/cd/)
})

t.test('sends raw samples when the path asks for them', async (t) => {
  const server = await startStation(t, '[/cd]', 'demo', '[/copy]', 'from /cd?raw', 'pcm cd')
  const body = await listen(t, server.port, '/copy?raw').bodyHas(SECOND)
  t.ok(isMelody(body))
})

t.test('passes the title of the other stream on, and its name', async (t) => {
  const folder = t.testdir({ title: 'first' })
  const server = await startStation(
    t,
    '[/cd]',
    'demo',
    'name The Demo',
    `title-file ${folder}/title`,
    '[/copy]',
    'from /cd',
  )
  const listener = listen(t, server.port, '/copy')
  await server.logged(/title changed stream=\/copy title=first/)
  t.match(await listener.headCame(), /^HTTP/)
  t.equal((await statusOf(server, '/copy')).name, 'The Demo')
  writeFileSync(join(folder, 'title'), 'second')
  await server.logged(/title changed stream=\/copy title=second/)
})

t.test('feeds a command, whose output is the stream, while there are listeners', { skip: needsProc }, async (t) => {
  const token = uniqueToken()
  const capture = uniqueToken()
  const server = await startStation(
    t,
    '[/cd]',
    `exec sh -c ': ${capture}; while :; do printf 0123456789abcdef; sleep 0.02; done'`,
    'frame-filter raw',
    'frame-bytes 16',
    'close-idle',
    '[/upper]',
    'from /cd',
    `exec sh -c ': ${token}; exec stdbuf -i0 -o0 tr a-z A-Z'`,
    'frame-filter raw',
    'frame-bytes 16',
    'close-idle',
  )
  t.same([...processesWith(token), ...processesWith(capture)], [])
  const listener = listen(t, server.port, '/upper')
  t.equal((await listener.bodyHas(160)).toString('latin1', 0, 16), '0123456789ABCDEF')
  t.equal((await statusOf(server, '/cd')).listeners, 1)
  listener.socket.destroy()
  await untilGone(token, 5000)
  await untilGone(capture, 5000)
  await until('the other stream has no listener', () => /source closed stream=\/cd .*"no listeners"/.test(server.log()))
})

t.test('skips whole frames for a command that reads too slowly, counted at the other stream', async (t) => {
  const slow = 'while :; do dd bs=4096 count=4 2>/dev/null; sleep 0.2; done'
  const server = await startStation(
    t,
    '[/cd]',
    'demo',
    'source-buffer 50',
    '[/slow]',
    'from /cd?raw',
    `exec sh -c '${slow}'`,
    'pcm cd',
  )
  listen(t, server.port, '/slow?raw')
  await until('frames are skipped', async () => (await statusOf(server, '/cd')).framesSkipped > 0)
  t.equal((await statusOf(server, '/slow')).framesSkipped, 0)
})

t.test('ends the input of its command with the other stream, and starts it again with the next bytes', async (t) => {
  const folder = t.testdir({})
  const fifo = makeFifo(folder)
  const server = await startStation(
    t,
    '[/raw]',
    `path ${fifo}`,
    'frame-filter raw',
    'frame-bytes 4',
    'reopen false',
    '[/hex]',
    'from /raw',
    'exec od -An -v -tx1 -w4',
    'frame-filter raw',
    'frame-bytes 13',
  )
  const listener = listen(t, server.port, '/hex')
  const writer = openWriter(t, fifo)
  await writer.end(Buffer.from('abcdefgh'))
  t.equal((await listener.bodyHas(26)).toString(), ' 61 62 63 64\n 65 66 67 68\n')
  await server.logged(/source closed stream=\/hex .*"end of input"/)
})

t.test('retries when there is no stream at its path', async (t) => {
  const folder = t.testdir({ fifos: {} })
  const server = await startStation(t, '[/towers/]', `path ${folder}/fifos`, 'frame-bytes 4', '[/x]', 'from /towers/a')
  const listener = listen(t, server.port, '/x')
  await server.logged(/source closed stream=\/x .*"there is no stream at \/towers\/a"/)
  const fifo = makeFifo(join(folder, 'fifos'), 'a')
  openWriter(t, fifo).write(Buffer.alloc(64 * 1024, 7))
  t.equal((await listener.bodyHas(4))[0], 7)
})

t.test('opens again when the other stream is replaced', async (t) => {
  const file = join(t.testdir({}), 'station.conf')
  const write = (bytes: string) =>
    writeFileSync(
      file,
      `[/a]\nexec sh -c 'while :; do echo ${bytes}; sleep 0.01; done'\nframe-filter raw\nframe-bytes 8\n[/b]\nfrom /a\nframe-filter raw\nframe-bytes 8\n`,
    )
  write('1234567')
  const server = await startServer(t, ['-config', file])
  const listener = listen(t, server.port, '/b')
  await listener.bodyHas(80)
  write('abcdefg')
  server.child.kill('SIGHUP')
  await server.logged(/configuration reloaded/)
  await until('the new bytes arrive', () => listener.body().includes('abcdefg\n'))
  t.notMatch(server.log(), /listener disconnected stream=\/b/)
})

t.test('encodes one capture three times, bit-exact in WAV and FLAC', async (t) => {
  const server = await startStation(
    t,
    '[/cd]',
    'demo',
    'close-idle',
    '[/radio.wav]',
    'from /cd',
    'close-idle',
    '[/radio.flac]',
    'from /cd',
    'exec flac --silent -c -',
    'close-idle',
    '[/radio.mp3]',
    'from /cd',
    'exec lame --quiet --flush -b 128 - -',
    'close-idle',
  )
  const wav = listen(t, server.port, '/radio.wav')
  const flac = listen(t, server.port, '/radio.flac')
  const mp3 = listen(t, server.port, '/radio.mp3')
  await Promise.all([wav.bodyHas(3 * SECOND), flac.bodyHas(64 * 1024), mp3.bodyHas(32 * 1024)])
  t.ok(isMelody(wav.body().subarray(44)))
  t.ok(isMelody(decoded(flac.body(), 'flac')))
  t.ok(decoded(mp3.body(), 'mp3').length > SECOND)
  t.equal((await statusOf(server, '/cd')).listeners, 3)
})

/** Decodes sound to samples of 16 bit, and leaves out the last half second, which may be cut. */
function decoded(sound: Buffer, format: string): Buffer {
  const words = ['-v', 'quiet', '-f', format, '-i', '-', '-f', 's16le', '-ac', '2', '-ar', '44100', '-']
  return runProgram('ffmpeg', words, sound).subarray(0, -SECOND / 2)
}
