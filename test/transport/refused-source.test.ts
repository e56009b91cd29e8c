import t, { type Test } from 'tap'
import { connectTo, listen } from '../client.ts'
import { startServer } from '../streamserve.ts'

t.setTimeout(120_000)

/** A WAV header of ADPCM, which cannot be cut at any sample, followed by noise. @returns the path of the file */
function adpcmFile(t: Test): string {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(100_036, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(2, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(8_000, 24)
  header.writeUInt32LE(4_096, 28)
  header.writeUInt16LE(256, 32)
  header.writeUInt16LE(4, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(100_000, 40)
  const folder = t.testdir({ sound: Buffer.concat([header, Buffer.alloc(8_192, 0x5a)]) })
  return `${folder}/sound`
}

t.test('sends listeners of a refused source the reason and Retry-After', async (t) => {
  const server = await startServer(t, ['-exec', 'cat', adpcmFile(t)])
  const first = listen(t, server.port)
  const reason = String(await first.closed)
  t.match(first.head(), /^HTTP\/1\.1 503 [^]*\r\nRetry-After: \d+/)
  t.match(reason, /^this stream cannot be played now: .*WAV/)
  t.match(await server.logged(/listener disconnected/), /reason="source refused"/)

  const second = listen(t, server.port)
  t.equal(String(await second.closed), reason, 'also while the source waits to be opened again')
  const asked = connectTo(t, server.port, 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n')
  t.equal((await asked.closed).length, 0)
  t.match(asked.head(), /^HTTP\/1\.1 503 /)
})

t.test('opens a refused source again for a new listener after it was closed for idleness', async (t) => {
  const server = await startServer(t, ['-close-idle', '-exec', 'cat', adpcmFile(t)])
  await listen(t, server.port).closed
  const later = listen(t, server.port)
  await later.closed
  t.match(later.head(), /^HTTP\/1\.1 503 /)
  t.ok(server.count(/source opened/) >= 1)
})
