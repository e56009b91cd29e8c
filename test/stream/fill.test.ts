/** Bytes that listeners receive while a source is unavailable. */
import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { plainFrames } from '../delivery/plain-mp3.ts'
import { makeFifo, writeAll } from '../fifos.ts'
import { ffmpeg, lame } from '../filters/encoded.ts'
import { needs } from '../programs.ts'
import { decode } from '../sound/decode.ts'
import { startServer } from '../streamserve.ts'

/**
 * Bytes that a listener receives of two writers of a FIFO.
 * @param silentBytes minimum number of bytes between the two. @param flags of the server.
 */
async function hearTwo(t: Test, one: Buffer, two: Buffer, silentBytes: number, ...flags: string[]) {
  const fifo = makeFifo(t.testdir())
  const server = await startServer(t, ['-fill', 'silence', '-burst', '0', '-path', fifo, ...flags])
  const client = listen(t, server.port, '/?raw')
  await writeAll(t, fifo, one)
  await client.bodyHas(one.length + silentBytes)
  await writeAll(t, fifo, two)
  await server.loggedTimes(/source closed/, 2)
  for (let body = client.body(); !body.includes(two); body = await client.bodyHas(body.length + 1));
  server.child.kill('SIGTERM')
  const body = await client.closed
  const at = body.indexOf(two)
  return { server, body, silence: body.subarray(one.length, at), isAllThere: body.indexOf(one) === 0 && at > 0 }
}

t.test('continues samples as zeros, and as samples when they arrive again', async (t) => {
  const [one, two] = [Buffer.alloc(6400, 1), Buffer.alloc(6400, 2)]
  const { silence, isAllThere } = await hearTwo(t, one, two, 3200, '-pcm', 's16le:16000:1')
  t.ok(isAllThere)
  t.ok(silence.length >= 3200 && silence.length % 2 === 0)
  t.ok(silence.every((byte) => byte === 0))
})

t.test('fills unsigned samples with their middle value', async (t) => {
  const { silence } = await hearTwo(t, Buffer.alloc(6400, 1), Buffer.alloc(6400, 2), 640, '-pcm', 'u8:16000:1')
  t.ok(silence.length > 0 && silence.every((byte) => byte === 0x80))
})

t.test(
  'continues MP3 and AAC with silent frames that decode without a message',
  { skip: needs('lame', 'ffmpeg', 'mpg123') },
  async (t) => {
    const mp3 = [lame('-b', '128'), lame('-b', '160')] as const
    const aac = [
      ffmpeg('-c:a', 'aac', '-b:a', '96k', '-f', 'adts'),
      ffmpeg('-c:a', 'aac', '-b:a', '64k', '-f', 'adts'),
    ] as const
    for (const [[one, two], format, programs] of [
      [mp3, 'mp3', ['ffmpeg', 'mpg123']],
      [aac, 'aac', ['ffmpeg']],
    ] as const) {
      const { body } = await hearTwo(t, one, two, 4000)
      for (const program of programs) {
        const { complaints, samples } = decode(program, body, format)
        t.equal(complaints, '', `${program}, ${format}`)
        t.ok(samples > 2 * 44_100 * 6, 'both pieces of 3 s, and silence')
      }
    }
  },
)

t.test('sends nothing meanwhile without the flag', async (t) => {
  const [one, two] = [Buffer.concat(plainFrames(20, 1)), Buffer.concat(plainFrames(20, 2))]
  const fifo = makeFifo(t.testdir())
  const server = await startServer(t, ['-path', fifo])
  const client = listen(t, server.port)
  await writeAll(t, fifo, one)
  await server.logged(/source closed/)
  await writeAll(t, fifo, two)
  t.ok((await client.bodyHas(one.length + two.length)).equals(Buffer.concat([one, two])))
})

t.test('logs that a format has no silence, and lets listeners wait', async (t) => {
  const fifo = makeFifo(t.testdir())
  const server = await startServer(t, ['-fill', 'silence', '-frame-filter', 'raw', '-path', fifo])
  const client = listen(t, server.port)
  await writeAll(t, fifo, Buffer.alloc(640, 1))
  await server.logged(/WARNING silence not available/)
  await writeAll(t, fifo, Buffer.alloc(640, 2))
  t.equal((await client.bodyHas(1280)).length, 1280)
})

t.test('sends silent samples before the first writer', async (t) => {
  const fifo = makeFifo(t.testdir())
  const server = await startServer(t, ['-fill', 'silence', '-burst', '0', '-path', fifo, '-pcm', 's16le:16000:1'])
  const client = listen(t, server.port, '/?raw')
  await server.logged(/source waiting/)
  t.ok((await client.bodyHas(3200)).every((byte) => byte === 0))
  t.equal(server.count(/source opened/), 0)
  const samples = Buffer.alloc(6400, 1)
  await writeAll(t, fifo, samples)
  await server.logged(/source closed/)
  await client.bodyHas(client.body().length + 3200)
  t.ok(client.body().includes(samples), 'whole, and at a whole sample')
  t.equal(client.body().indexOf(samples) % 2, 0)
})

t.test('reads a writer from launch on when the source is warm', async (t) => {
  const fifo = makeFifo(t.testdir())
  const written = writeAll(t, fifo, Buffer.alloc(64, 7))
  const server = await startServer(t, ['-path', fifo, '-warm', '-frame-filter', 'raw'])
  await written
  await server.logged(/source opened/)
  const cold = await startServer(t, ['-path', fifo, '-frame-filter', 'raw'])
  t.equal(cold.count(/FIFO opening deferred/), 1)
})
