import t from 'tap'
import { listen } from '../../client.ts'
import { follow } from '../../delivery/follower.ts'
import { feed } from '../../delivery/visits.ts'
import { numberBytes } from '../../feeders.ts'
import { lame } from '../../filters/encoded.ts'
import { needs } from '../../programs.ts'
import { startServer } from '../../streamserve.ts'
import { audioHas, ICY_FIELD, INTERVAL, readIcy, titleFile } from './icy.ts'

const FRAME_BYTES = 100
const RAW = ['-frame-filter', 'raw', '-frame-bytes', String(FRAME_BYTES), '-source-buffer', '200000']

t.test('sends titles between the bytes, which are those of all listeners', async (t) => {
  const file = titleFile(t, 'first')
  const server = await startServer(t, [...RAW, '-title-file', file.path], { stdin: 'pipe' })
  const plain = listen(t, server.port)
  const icy = listen(t, server.port, '/', ICY_FIELD)
  t.match(await icy.headCame(), /\r\nicy-metaint: 16000\r\n/)
  t.notMatch(await plain.headCame(), /icy/i)

  const sent = numberBytes(0, 50_000)
  feed(server, sent.subarray(0, 50_000))
  await audioHas(icy, 50_000)
  await file.play(server, 'second')
  feed(server, sent.subarray(50_000, 128_000))
  await audioHas(icy, 128_000)
  await file.play(server, 'third')
  feed(server, sent.subarray(128_000))
  const { audio, blocks } = await audioHas(icy, sent.length)
  t.ok(audio.equals(sent))
  t.ok((await plain.bodyHas(sent.length)).equals(sent))
  t.same(blocks, [
    [16_000, "StreamTitle='first';"],
    [64_000, "StreamTitle='second';"],
    [144_000, "StreamTitle='third';"],
  ])
})

/** Position of the first block after a byte, in bytes of the stream. */
function blockAfter(byte: number): number {
  return (Math.floor(byte / INTERVAL) + 1) * INTERVAL
}

t.test('a listener that is behind gets a title when it has passed its frame', async (t) => {
  const file = titleFile(t, 'start')
  const server = await startServer(t, [...RAW, '-title-file', file.path], { stdin: 'pipe' })
  // More than the kernel buffers for both sides of a connection.
  const sent = numberBytes(0, 12_000_100 / 4)
  const fast = await follow(t, server.port, sent)
  const behind = listen(t, server.port, '/', ICY_FIELD)
  await behind.headCame()
  behind.socket.pause()
  const changes = [0, 2_000_000, 9_600_000, 10_000_100, 10_016_000, 11_999_900, sent.length]
  for (const [at, start] of changes.slice(0, -1).entries()) {
    if (at > 0) await file.play(server, `title ${at}`)
    for (let from = start; from < (changes[at + 1] ?? 0); from += 50_000) {
      const end = Math.min(from + 50_000, changes[at + 1] ?? 0)
      feed(server, sent.subarray(from, end))
      await fast.has(end)
    }
  }
  behind.socket.resume()
  const { audio, blocks } = await audioHas(behind, sent.length)
  t.ok(audio.equals(sent))
  t.same(blocks, [
    [INTERVAL, "StreamTitle='start';"],
    [blockAfter(2_000_000), "StreamTitle='title 1';"],
    [blockAfter(9_600_000), "StreamTitle='title 2';"],
    [blockAfter(10_000_100), "StreamTitle='title 3';"],
    [blockAfter(10_016_000), "StreamTitle='title 4';"],
    [blockAfter(11_999_900), "StreamTitle='title 5';"],
  ])
})

t.test('counts headers, and does not break them', async (t) => {
  const server = await startServer(t, ['-pcm', 'u8:8000:1', '-burst', '5s'], { stdin: 'pipe' })
  const first = listen(t, server.port)
  await first.headCame()
  const samples = numberBytes(0, 10_000)
  feed(server, samples)
  const wavHeader = (await first.bodyHas(44 + samples.length)).subarray(0, 44)
  const icy = listen(t, server.port, '/', ICY_FIELD)
  const { audio } = await audioHas(icy, 44 + samples.length)
  t.ok(audio.equals(Buffer.concat([wavHeader, samples])))
  t.equal(icy.body().length, 44 + samples.length + 2, 'with two empty blocks')
})

t.test('counts the lead-in of MP3, and does not break it', { skip: needs('lame') }, async (t) => {
  const server = await startServer(t, ['-filter', 'mp3'], { stdin: 'pipe' })
  const first = listen(t, server.port)
  feed(server, lame('-b', '320'))
  await first.bodyHas(100_000)
  await server.logged(/listener connected/)
  const plain = listen(t, server.port)
  const icy = listen(t, server.port, '/', ICY_FIELD)
  await audioHas(icy, 3 * INTERVAL)
  await plain.bodyHas(3 * INTERVAL)
  server.child.kill('SIGTERM')
  t.ok(readIcy(await icy.closed).audio.equals(await plain.closed))
})
