import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { areConsecutive, numberBytes, numbers, numbersIn } from '../feeders.ts'
import { startServer } from '../streamserve.ts'
import { MP3_FRAME_BYTES, plainFrames } from './plain-mp3.ts'
import { feed } from './visits.ts'

t.test('starts a listener at the boundary of the newest frame', async (t) => {
  const server = await startServer(t, ['-frame-filter', 'raw', '-frame-bytes', '40'], { stdin: 'pipe' })
  const first = listen(t, server.port)
  await first.headCame()
  // 12.5 frames; the newest whole one begins with number 110.
  feed(server, numberBytes(0, 125))
  t.strictSame(numbersIn(await first.bodyHas(480)).at(-1), 119)
  const second = listen(t, server.port)
  t.strictSame(numbersIn(await second.bodyHas(40))[0], 110)
  feed(server, numberBytes(125, 15))
  const got = numbersIn(await second.bodyHas(120))
  t.strictSame([got[0], got.length], [110, 30])
  t.ok(areConsecutive(got))
})

t.test('starts a listener of a raw stream at the newest frame without -burst', async (t) => {
  const server = await startServer(t, ['-frame-filter', 'raw', '-frame-bytes', '40'], { stdin: 'pipe' })
  const first = listen(t, server.port)
  await first.headCame()
  feed(server, numberBytes(0, 100))
  await first.bodyHas(400)
  const second = listen(t, server.port)
  await second.bodyHas(40)
  server.child.kill('SIGTERM')
  t.strictSame(numbersIn(await second.closed), [90, 91, 92, 93, 94, 95, 96, 97, 98, 99])
})

t.test('starts a listener of samples -burst behind the newest frame', async (t) => {
  // 1,000 bytes per second in frames of 10.
  const flags = ['-pcm', 'u8:1000:1', '-frame-bytes', '10', '-burst', '500ms']
  const server = await startServer(t, flags, { stdin: 'pipe' })
  const first = listen(t, server.port, '/?raw')
  await first.headCame()
  feed(
    server,
    Buffer.alloc(
      2000,
      Uint8Array.from({ length: 100 }, (_, at) => at),
    ),
  )
  await first.bodyHas(2000)
  const second = listen(t, server.port, '/?raw')
  await second.bodyHas(500)
  server.child.kill('SIGTERM')
  t.equal((await second.closed).length, 500)
})

/** Frames of an MP3 stream that a second listener receives at once, after a first one has received 200 frames of 26 ms. */
async function framesAtOnce(t: Test, flags: readonly string[], target = '/'): Promise<Buffer> {
  const server = await startServer(t, flags, { stdin: 'pipe' })
  const first = listen(t, server.port)
  // A frame is emitted only after the bytes that follow it have been seen: here most of another frame.
  feed(server, Buffer.concat([...frames, ...plainFrames(1, 2)]).subarray(0, -10))
  await first.bodyHas(200 * MP3_FRAME_BYTES)
  const second = listen(t, server.port, target)
  await second.bodyHas(MP3_FRAME_BYTES)
  server.child.kill('SIGTERM')
  return await second.closed
}

const frames = plainFrames(200, 1)

t.test('starts a listener of MP3 two seconds behind the newest frame, or the 32 KiB that browsers need', async (t) => {
  const got = await framesAtOnce(t, [])
  // 77 frames of 1152 / 44.1 ms are the minimum for 2 s, and 79 of 417 bytes the minimum for 32 KiB.
  t.equal(got.length, 79 * MP3_FRAME_BYTES)
  t.ok(got.equals(Buffer.concat(frames.slice(-79))))
})

t.test('starts listeners -burst behind, and at the newest frame with 0', async (t) => {
  t.ok((await framesAtOnce(t, ['-burst', '0'])).equals(Buffer.concat(frames.slice(-1))))
  t.ok((await framesAtOnce(t, ['-burst', '100ms'])).equals(Buffer.concat(frames.slice(-4))))
})

t.test('accepts a longer or shorter burst in a request', async (t) => {
  t.ok((await framesAtOnce(t, [], '/?burst=100ms')).equals(Buffer.concat(frames.slice(-4))))
  t.ok((await framesAtOnce(t, ['-burst', '0'], '/?burst=1h')).equals(Buffer.concat(frames)), 'all that there is')
})

t.test('refuses a burst that is not a duration, with the right form', async (t) => {
  const server = await startServer(t, ['-demo'])
  for (const [text, complaint] of [
    ['500', 'burst needs a unit, as in 30s or 150ms\n'],
    ['-1s', 'burst cannot be negative\n'],
    ['', 'burst needs a duration such as 150ms, 30s or 1h15m\n'],
  ]) {
    const client = listen(t, server.port, `/?burst=${text}`)
    t.equal((await client.closed).toString(), complaint)
    t.match(client.head(), /^HTTP\/1\.1 400 /)
  }
})

t.test('starts samples with a WAV header 2 s behind, because they are for a player', async (t) => {
  const server = await startServer(t, ['-pcm', 'u8:20000:1', '-frame-bytes', '10'], { stdin: 'pipe' })
  const first = listen(t, server.port, '/?raw')
  await first.headCame()
  feed(server, Buffer.alloc(60_000))
  await first.bodyHas(60_000)
  const player = listen(t, server.port)
  const program = listen(t, server.port, '/?raw')
  await Promise.all([player.bodyHas(40_000), program.bodyHas(10)])
  server.child.kill('SIGTERM')
  t.strictSame([(await player.closed).length, (await program.closed).length], [44 + 40_000, 10])
})

t.test('sends all of the ring for a longer burst', async (t) => {
  const got = await framesAtOnce(t, ['-burst', '1h', '-source-buffer', '50'])
  t.ok(got.equals(Buffer.concat(frames.slice(-50))))
})

t.test('sends the header of the source before the first frame of each listener', async (t) => {
  const flags = ['-frame-filter', 'raw', '-frame-bytes', '40', '-header-bytes', '8']
  const server = await startServer(t, flags, { stdin: 'pipe' })
  const first = listen(t, server.port)
  await first.headCame()
  feed(server, Buffer.from('head'))
  feed(server, Buffer.concat([Buffer.from('er! '), numberBytes(0, 20)]))
  t.ok((await first.bodyHas(88)).equals(Buffer.concat([Buffer.from('header! '), numberBytes(0, 20)])))
  const second = listen(t, server.port)
  t.ok((await second.bodyHas(48)).equals(Buffer.concat([Buffer.from('header! '), numberBytes(10, 10)])))
})

t.test('sends every chunk at once with -max-delay 0', async (t) => {
  const flags = ['-frame-filter', 'raw', '-frame-bytes', '40', '-max-delay', '0']
  const server = await startServer(t, flags, { stdin: 'pipe' })
  const client = listen(t, server.port)
  await client.headCame()
  for (let round = 0; round < 100; round++) {
    feed(server, numberBytes(round * 10, 10))
    await client.bodyHas((round + 1) * 40)
  }
  t.ok(areConsecutive(numbersIn(client.body())))
})

t.test('sends whole frames without a gap to a thousand listeners that join at once', async (t) => {
  const flags = ['-frame-filter', 'raw', '-source-buffer', '4096', '-exec', ...numbers({ everyMs: 20 })]
  const server = await startServer(t, flags)
  const startedAt = performance.now()
  const clients = Array.from({ length: 1000 }, () => listen(t, server.port))
  await server.loggedTimes(/listener connected/, 1000)
  t.comment(`all had come after ${Math.round(performance.now() - startedAt)} ms`)
  const bodies = await Promise.all(clients.map((client) => client.bodyHas(64 * 20)))
  const wrong = bodies.filter((body) => {
    const got = numbersIn(body.subarray(0, 64 * 20))
    return !areConsecutive(got) || (got[0] ?? 1) % 16 !== 0
  })
  t.equal(wrong.length, 0)
  t.equal(server.count(/source opened/), 1, 'one source for all of them')
})
