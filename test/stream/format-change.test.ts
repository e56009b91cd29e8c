import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parsePcmFormat } from '../../filters/pcm-format.ts'
import { endlessWavHeader } from '../../filters/wav/header.ts'
import { listen } from '../client.ts'
import { plainFrames } from '../delivery/plain-mp3.ts'
import { adtsFrames } from '../filters/made-up.ts'
import { startServer } from '../streamserve.ts'

/** A source that yields another file at each opening, and then waits. */
function turns(t: { testdir(): string }): string {
  const folder = t.testdir()
  writeFileSync(join(folder, 'a'), Buffer.concat(plainFrames(20, 1)))
  writeFileSync(join(folder, 'b'), Buffer.concat(adtsFrames(20, 1)))
  return `cd ${folder}; if [ -e turn ]; then cat b; sleep 1000; else touch turn; cat a; fi`
}

await t.test('disconnects listeners of a source that returns in another format, which reconnect for it', async (t) => {
  const server = await startServer(t, ['-burst', '0', '-exec', turns(t)])
  const first = listen(t, server.port)
  await first.closed
  t.match(first.head(), /^Content-Type: audio\/mpeg/m)
  t.equal(first.body().length % 417, 0, 'frames of the first format only')
  t.match(await server.logged(/listener disconnected/), /reason="format changed"/)
  const again = listen(t, server.port, '/', 'Range: bytes=0-1\r\n')
  t.equal((await again.closed).toString('hex'), 'fff1')
  t.match(again.head(), /^Content-Type: audio\/aac/m)
})

await t.test('keeps listeners when an opening is cut short before its format is recognised', async (t) => {
  const folder = t.testdir()
  const whole = Buffer.concat(plainFrames(20, 1))
  writeFileSync(join(folder, 'whole'), whole)
  writeFileSync(join(folder, 'cut'), whole.subarray(0, 100))
  const cut = `cd ${folder}; if [ -e two ]; then cat whole; sleep 1000; elif [ -e one ]; then touch two; cat cut; else touch one; cat whole; fi`
  const server = await startServer(t, ['-burst', '0', '-exec', cut])
  const client = listen(t, server.port)
  await client.bodyHas(whole.length + 417)
  t.equal(server.count(/listener disconnected/), 0)
  t.equal(server.count(/format changed/), 0)
})

await t.test(
  'disconnects listeners at a WAV stream of another format in the same pipe, which reconnect for it',
  async (t) => {
    const folder = t.testdir()
    const [cd, mono] = ['cd', 'u8:8000:1'].map((name) => endlessWavHeader(parsePcmFormat(name)))
    if (cd === undefined || mono === undefined) throw new Error('two headers are made')
    writeFileSync(join(folder, 'a'), Buffer.concat([cd, Buffer.alloc(8000, 1), cd, Buffer.alloc(8000, 1)]))
    writeFileSync(join(folder, 'b'), Buffer.concat([mono, Buffer.alloc(8000, 2)]))
    const server = await startServer(t, ['-burst', '9s', '-exec', `cd ${folder}; cat a; sleep 1; cat b; sleep 1000`])
    const first = listen(t, server.port)
    t.equal(
      (await first.closed).length,
      cd.length + 16_000,
      'both streams of the first format, without a second header',
    )
    t.match(await server.logged(/format changed/), /8 bit, 8000 Hz, mono/)
    const again = listen(t, server.port)
    t.strictSame(
      (await again.bodyHas(mono.length + 1024)).subarray(0, mono.length + 1),
      Buffer.concat([mono, Buffer.alloc(1, 2)]),
    )
  },
)

await t.test('keeps listeners with -content-type for any format', async (t) => {
  const server = await startServer(t, ['-burst', '0', '-content-type', 'audio/x-any', '-exec', turns(t)])
  const client = listen(t, server.port)
  const both = 20 * 417
  await client.bodyHas(both + 1)
  t.equal(server.count(/listener disconnected/), 0)
})
