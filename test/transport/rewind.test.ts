import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { listen } from '../client.ts'
import { MP3_FRAME_BYTES, plainFrames } from '../delivery/plain-mp3.ts'
import { makeFifo, openWriter } from '../fifos.ts'
import { startServer } from '../streamserve.ts'
import { audioHas, ICY_FIELD, INTERVAL, titleFile } from './icy/icy.ts'

const FRAME_MS = 1152 / 44.1
/** 78 s, which the source writes at once. */
const FRAMES = plainFrames(3000, 1)
const WHOLE = Buffer.concat(FRAMES)
/** Sound that a listener gets at once: 32 KiB. */
const LEAD_MS = 79 * FRAME_MS

t.test('a listener that requests an old frame gets exact frames at the speed of sound', async (t) => {
  const file = join(t.testdir(), 'mp3')
  writeFileSync(file, WHOLE)
  const server = await startServer(t, ['-rewind', '1h', '-warm', '-exec', `cat ${file}; sleep 1000`])
  // The filter keeps the last frame until the next one has come.
  await listen(t, server.port, '/?at=2998').bodyHas(MP3_FRAME_BYTES)
  const listener = listen(t, server.port, '/?at=1000')
  await listener.headCame()
  t.match(listener.head(), 'Content-Type: audio/mpeg')
  const since = performance.now()
  const body = await listener.bodyHas(Math.ceil((LEAD_MS + 3_000) / FRAME_MS) * MP3_FRAME_BYTES)
  const ms = performance.now() - since
  t.ok(ms > 2_000, `3 s after ${ms} ms`)
  t.ok(body.length < 1000 * MP3_FRAME_BYTES)
  t.ok(
    WHOLE.subarray(1000 * MP3_FRAME_BYTES)
      .subarray(0, body.length)
      .equals(body),
  )
})

t.test('a listener that goes back beyond the ring starts at the oldest frame', async (t) => {
  const file = join(t.testdir(), 'mp3')
  writeFileSync(file, WHOLE)
  const server = await startServer(t, ['-rewind', '1h', '-warm', '-exec', `cat ${file}; sleep 1000`])
  await listen(t, server.port, '/?at=2998').bodyHas(MP3_FRAME_BYTES)
  const body = await listen(t, server.port, '/?ago=2h').bodyHas(MP3_FRAME_BYTES)
  t.ok(WHOLE.subarray(0, body.length).equals(body))
})

t.test('an age that is not a duration is refused in one line', async (t) => {
  const server = await startServer(t, ['-rewind', '1h', '-exec', 'sleep', '1000'])
  for (const ago of ['soon', '-1s', '']) {
    const answer = await fetch(`${server.url}/?ago=${ago}`)
    t.equal(answer.status, 400, ago)
    t.match(await answer.text(), /^ago [^\n]+\n?$/)
  }
})

t.test('a listener that goes back gets the titles of what it plays', async (t) => {
  const titles = titleFile(t, 'One')
  const fifo = makeFifo(dirname(titles.path), 'sound')
  const server = await startServer(t, ['-rewind', '1h', '-warm', '-title-file', titles.path, '-path', fifo])
  const writer = openWriter(t, fifo)
  writer.write(Buffer.concat(FRAMES.slice(0, 1000)))
  await listen(t, server.port, '/?at=998').bodyHas(MP3_FRAME_BYTES)
  await titles.play(server, 'Two')
  writer.write(Buffer.concat(FRAMES.slice(1000)))
  await listen(t, server.port, '/?at=2998').bodyHas(MP3_FRAME_BYTES)
  const listener = listen(t, server.port, '/?at=900', ICY_FIELD)
  const { audio, blocks } = await audioHas(listener, 3 * INTERVAL + MP3_FRAME_BYTES)
  t.match(blocks, [
    [INTERVAL, /One/],
    [3 * INTERVAL, /Two/],
  ])
  t.ok(
    WHOLE.subarray(900 * MP3_FRAME_BYTES)
      .subarray(0, audio.length)
      .equals(audio),
  )
})
