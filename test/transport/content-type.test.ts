import t from 'tap'
import { connectTo, listen } from '../client.ts'
import { plainFrames } from '../delivery/plain-mp3.ts'
import { adtsFrames, noise } from '../filters/made-up.ts'
import { startServer } from '../streamserve.ts'

const FORMATS: [string, string, Buffer, string][] = [
  ['mp3', 'audio/mpeg', Buffer.concat(plainFrames(60, 1)), 'MPEG-1 Layer III, 44100 Hz'],
  ['aac-adts', 'audio/aac', Buffer.concat(adtsFrames(60, 1)), 'MPEG-4 AAC LC, 44100 Hz'],
]

for (const [filter, type, sound, description] of FORMATS) {
  t.test(`${type}: announces the type that auto finds with the first frame`, async (t) => {
    const server = await startServer(t, [], { stdin: 'pipe' })
    const client = listen(t, server.port)
    await server.logged(/listener connected/)
    t.equal(client.received().length, 0, 'no head before the type is known')
    server.child.stdin?.write(sound)
    t.match(await client.headCame(), `Content-Type: ${type}`)
    t.ok(sound.subarray(0, 4000).equals((await client.bodyHas(4000)).subarray(0, 4000)))
    t.match(await server.logged(/format found/), `format="${description}`)
    t.match(await server.logged(/format found/), `contentType=${type}`)
    // From now on the type is known.
    const asked = connectTo(t, server.port, 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n')
    await asked.closed
    t.match(asked.head(), `Content-Type: ${type}`)
  })

  t.test(`${type}: announces the type at once with -frame-filter ${filter}`, async (t) => {
    const server = await startServer(t, ['-frame-filter', filter], { stdin: 'pipe' })
    t.match(await listen(t, server.port).headCame(), `Content-Type: ${type}`)
  })
}

t.test('announces bytes when auto recognizes no format', async (t) => {
  const server = await startServer(t, [], { stdin: 'pipe' })
  const client = listen(t, server.port)
  const bytes = noise(65_536, 5)
  server.child.stdin?.write(bytes)
  t.match(await client.headCame(), 'Content-Type: application/octet-stream')
  t.ok((await client.bodyHas(65_536)).equals(bytes), 'and none of them is lost')
})

t.test('passes on a few bytes of no format after a moment', async (t) => {
  const server = await startServer(t, ['-frame-bytes', '5'], { stdin: 'pipe' })
  const client = listen(t, server.port)
  server.child.stdin?.write('hello')
  t.equal(String(await client.bodyHas(5)), 'hello')
})

t.test('waits at most ten seconds for the source before it sends a head', async (t) => {
  const server = await startServer(t, [], { stdin: 'pipe' })
  const startedAt = performance.now()
  const client = listen(t, server.port)
  t.notMatch(await client.headCame(), /^content-type:/im)
  t.ok(performance.now() - startedAt > 9_900)
  server.child.stdin?.write(FORMATS[0]?.[2] ?? '')
  await client.bodyHas(4000)
  t.equal(client.body().indexOf('HTTP/'), -1, 'and goes out once')
})

t.test('logs a listener that disconnects before it gets a head', async (t) => {
  const server = await startServer(t, [], { stdin: 'pipe' })
  const client = listen(t, server.port)
  await server.logged(/listener connected/)
  client.reset()
  t.match(await server.logged(/listener disconnected/), /bytes=0 frames=0 skipped=0 reason=disconnected/)
})
