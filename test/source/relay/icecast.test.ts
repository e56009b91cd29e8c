/** Icecast as the upstream of a relay, and as a relay of streamserve. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { mpegFrameBytes } from '../../../filters/mpeg/header.ts'
import { listen } from '../../client.ts'
import { lame } from '../../decode/encode.ts'
import { complaints } from '../../filters/ogg/encoded-ogg.ts'
import { needs } from '../../programs.ts'
import { repetitions } from '../../repetitions.ts'
import { wholeFrames } from '../../sound/decode.ts'
import { startServer } from '../../streamserve.ts'
import { audioHas, ICY_FIELD, titleFile } from '../../transport/icy/icy.ts'
import { hasSound, publish, setTitle, startIcecast } from './icecast.ts'

const skip = needs('icecast2', 'setpriv', 'ffmpeg', 'lame', 'mpg123')
const RESTARTS = repetitions(3, 10)
/** More than the lead-in of a listener of MP3, in bytes. */
const LEAD_IN_BYTES = 5_000

function musicFile(t: Test): string {
  const file = join(mkdtempSync(join(tmpdir(), 'streamserve-')), 'music.mp3')
  t.teardown(() => rmSync(dirname(file), { recursive: true }))
  writeFileSync(file, lame(44_100, '-b', '128')(20))
  return file
}

function judge(t: Test, body: Buffer): void {
  t.equal(complaints(body, 'mpg123', '-q', '-t', '@'), '')
  t.equal(complaints(body, 'ffmpeg', '-v', 'warning', '-f', 'mp3', '-i', '-', '-f', 'null', '-'), '')
}

/** Returns the place of the first frame that is followed by another. */
function firstFrame(bytes: Buffer): number {
  for (let at = 0; at < 5_000; at++) {
    const length = mpegFrameBytes(bytes, at)
    if (length > 0 && mpegFrameBytes(bytes, at + length) > 0) return at
  }
  throw new Error('no frame')
}

t.test('relays a stream of Icecast: its sound, its names and its titles in Latin-1', { skip }, async (t) => {
  const icecast = await startIcecast(t)
  const file = musicFile(t)
  publish(t, icecast, '/live', file)
  await hasSound(`${icecast.url}/live`)
  t.equal(await setTitle(icecast, '/live', "Élan - It's; live"), 200)
  // Its playlist leads to it.
  const server = await startServer(t, ['-relay', `${icecast.url}/live.m3u`])
  const titled = listen(t, server.port, '/', ICY_FIELD)
  const plain = listen(t, server.port)
  t.match(await titled.headCame(), /\r\nContent-Type: audio\/mpeg\r\n[^]*icy-name: Nachbar\r\nicy-genre: Jazz\r\n/)
  await server.logged(/ title changed stream=\/ title="Élan - It's; live"/)
  t.equal(await setTitle(icecast, '/live', 'Next'), 200)
  await server.logged(/ title changed stream=\/ title=Next/)
  const { blocks } = await audioHas(titled, 130_000)
  t.strictSame(
    blocks.map(([, text]) => text),
    ["StreamTitle='Élan - It's; live';", "StreamTitle='Next';"],
  )
  await plain.bodyHas(130_000)
  server.child.kill()
  const body = await plain.closed
  judge(t, body)
  t.ok(readFileSync(file).includes(body.subarray(LEAD_IN_BYTES, 100_000)), 'every byte in its order')
})

t.test(`keeps its listeners over ${RESTARTS} restarts of Icecast and of its publisher`, { skip }, async (t) => {
  const icecast = await startIcecast(t)
  const file = musicFile(t)
  let stop = publish(t, icecast, '/live', file)
  await hasSound(`${icecast.url}/live`)
  const server = await startServer(t, ['-debug', '-relay', `${icecast.url}/live`])
  const plain = listen(t, server.port)
  await plain.bodyHas(1_000)
  for (let restarts = 0; restarts < RESTARTS; restarts++) {
    await stop()
    await icecast.restart()
    stop = publish(t, icecast, '/live', file)
    await plain.bodyHas(plain.body().length + 20_000)
  }
  t.equal(server.count(/listener disconnected/), 0)
  server.child.kill()
  judge(t, await plain.closed)
})

t.test('Icecast relays a stream with its sound, its name and its titles', { skip }, async (t) => {
  const file = musicFile(t)
  const titles = titleFile(t, 'First')
  const flags = [
    '-name',
    'Dorf',
    '-title-file',
    titles.path,
    '-exec',
    'ffmpeg',
    '-v',
    'error',
    '-re',
    '-stream_loop',
    '-1',
  ]
  const server = await startServer(t, [...flags, '-i', file, '-c', 'copy', '-f', 'mp3', '-'])
  const icecast = await startIcecast(
    t,
    `<relay><server>127.0.0.1</server><port>${server.port}</port><mount>/</mount><local-mount>/copy</local-mount>
     <on-demand>0</on-demand><relay-shoutcast-metadata>1</relay-shoutcast-metadata></relay>`,
  )
  await hasSound(`${icecast.url}/copy`)
  const titled = listen(t, icecast.port, '/copy', ICY_FIELD)
  const plain = listen(t, icecast.port, '/copy')
  t.match(await titled.headCame(), /\r\nContent-Type: audio\/mpeg\r\n[^]*icy-name: ?Dorf\r\n/)
  await titled.bodyHas(100_000)
  await titles.play(server, 'Second')
  let body = await audioHas(titled, 100_000)
  while (!body.blocks.some(([, text]) => text.includes('Second')))
    body = await audioHas(titled, body.audio.length + 16_000)
  t.strictSame(
    body.blocks.map(([, text]) => text),
    ["StreamTitle='First';", "StreamTitle='Second';"],
  )
  const bytes = await plain.bodyHas(100_000)
  plain.socket.destroy()
  // Icecast lets its listeners begin within a frame, and leaves no byte out.
  t.ok(wholeFrames(bytes.subarray(firstFrame(bytes))).length > 90_000)
  t.ok(readFileSync(file).includes(bytes.subarray(LEAD_IN_BYTES, 90_000)), 'every byte in its order')
})
