import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { connectTo, listen } from '../client.ts'
import { areConsecutive, numbers, numbersIn } from '../feeders.ts'
import { startServer } from '../streamserve.ts'

const WAV_HEADER_BYTES = 44

/** A program with the name of a recorder, which writes numbers: each is as long as a sample of both channels of a CD. */
function recorder(t: Test, name: string): string {
  const path = join(t.testdir(), name)
  const [node, flag, script = ''] = numbers()
  writeFileSync(path, `#!/bin/sh\nexec ${node} ${flag} '${script}'\n`)
  chmodSync(path, 0o755)
  return path
}

t.test('sends listeners a WAV without an end with -pcm', async (t) => {
  const server = await startServer(t, ['-pcm', 'cd', '-exec', ...numbers()])
  const client = listen(t, server.port)
  const body = await client.bodyHas(WAV_HEADER_BYTES + 640)
  t.match(client.head(), 'Content-Type: audio/wav')
  t.equal(body.toString('latin1', 0, 4), 'RIFF')
  t.equal(body.readUInt32LE(4), 0xffffffff)
  t.equal(body.toString('latin1', 8, 16), 'WAVEfmt ')
  t.equal(body.readUInt16LE(20), 1, 'PCM')
  t.equal(body.readUInt16LE(22), 2, 'channels')
  t.equal(body.readUInt32LE(24), 44_100, 'rate')
  t.equal(body.readUInt16LE(34), 16, 'bits')
  t.equal(body.toString('latin1', 36, 40), 'data')
  t.equal(body.readUInt32LE(40), 0xffffffff)
  t.ok(areConsecutive(numbersIn(body.subarray(44, 44 + 640))), 'and then the samples')
})

t.test('sends bare samples for ?raw, and the same WAV for ?wav, with -pcm', async (t) => {
  const server = await startServer(t, ['-pcm', 's16le:44100:2', '-exec', ...numbers()])
  const raw = listen(t, server.port, '/?raw')
  const samples = await raw.bodyHas(640)
  t.match(raw.head(), 'Content-Type: application/octet-stream')
  t.ok(areConsecutive(numbersIn(samples.subarray(0, 640))))
  const wav = listen(t, server.port, '/?wav')
  t.equal((await wav.bodyHas(44)).toString('latin1', 0, 4), 'RIFF')
})

t.test('starts every listener at a whole sample', async (t) => {
  const server = await startServer(t, ['-pcm', 'cd', '-frame-bytes', '132', '-exec', ...numbers()])
  for (let round = 0; round < 5; round++) {
    const client = listen(t, server.port, '/?raw')
    t.ok(areConsecutive(numbersIn((await client.bodyHas(400)).subarray(0, 400))))
    client.socket.destroy()
  }
})

t.test("a recorder's arguments are understood: / stays the bare bytes, and ?wav is WAV", async (t) => {
  const flags = ['-exec', `${recorder(t, 'arecord')} -f cd --file-type raw`]
  const server = await startServer(t, flags)
  const bare = listen(t, server.port)
  t.ok(areConsecutive(numbersIn((await bare.bodyHas(640)).subarray(0, 640))))
  t.match(bare.head(), 'Content-Type: application/octet-stream')
  const wav = listen(t, server.port, '/?wav')
  const body = await wav.bodyHas(44 + 640)
  t.match(wav.head(), 'Content-Type: audio/wav')
  t.equal(body.readUInt32LE(24), 44_100)
  t.ok(areConsecutive(numbersIn(body.subarray(44, 44 + 640))))
})

t.test('has no WAV for samples of an unknown format', async (t) => {
  const server = await startServer(t, ['-frame-filter', 'raw', '-exec', ...numbers()])
  const client = listen(t, server.port, '/?wav')
  t.ok(areConsecutive(numbersIn((await client.bodyHas(640)).subarray(0, 640))))
  t.match(client.head(), 'Content-Type: application/octet-stream')
})

t.test('sends the first bytes of the header for a probe of a WAV', async (t) => {
  const server = await startServer(t, ['-pcm', 'cd', '-exec', ...numbers()])
  const probe = listen(t, server.port, '/', 'Range: bytes=0-1\r\n')
  t.equal(String(await probe.closed), 'RI')
  t.match(probe.head(), /^HTTP\/1\.1 206 .*Content-Type: audio\/wav/s)
  const longer = listen(t, server.port, '/', 'Range: bytes=0-99\r\n')
  const body = await longer.closed
  t.equal(body.length, 100)
  t.ok(areConsecutive(numbersIn(body.subarray(44))))
  const whole = listen(t, server.port, '/', 'Range: bytes=0-\r\n')
  await whole.bodyHas(200)
  t.match(whole.head(), /^HTTP\/1\.1 200 /)
})

t.test('responds to HEAD of ?wav and ?raw with their types', async (t) => {
  const server = await startServer(t, ['-pcm', 'cd', '-exec', ...numbers()])
  for (const [target, type] of [
    ['/', 'audio/wav'],
    ['/?wav', 'audio/wav'],
    ['/?raw', 'application/octet-stream'],
  ]) {
    const client = connectTo(t, server.port, `HEAD ${target} HTTP/1.1\r\nHost: x\r\n\r\n`)
    t.equal((await client.closed).length, 0)
    t.match(client.head(), `Content-Type: ${type}`)
  }
  t.equal(server.count(/source opened/), 0)
})
