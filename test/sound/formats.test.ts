/** Output of real encoders and recorders, decoded by real decoders. */
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { adtsFrameBytes } from '../../filters/aac/adts-header.ts'
import { listen } from '../client.ts'
import { needs, runProgram } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { decode, wholeFrames } from './decode.ts'

const TONE = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100']
const FFMPEG = ['-v', 'error', '-nostdin']

/** Resolves with the received bytes when there are at least `bytes`. */
async function hear(t: Test, flags: readonly string[], bytes: number, type: string, format: RegExp): Promise<Buffer> {
  const server = await startServer(t, flags)
  const client = listen(t, server.port)
  const body = await client.bodyHas(bytes)
  t.match(client.head(), `Content-Type: ${type}`)
  t.match(await server.logged(/format found/), format)
  return body
}

t.test('recognizes AAC in ADTS of ffmpeg, which decodes without a fault', { skip: needs('ffmpeg') }, async (t) => {
  const encoder = ['ffmpeg', ...FFMPEG, '-re', ...TONE, '-c:a', 'aac', '-b:a', '128k', '-f', 'adts', '-']
  const body = await hear(t, ['-exec', ...encoder], 20_000, 'audio/aac', /format="MPEG-4 AAC LC, 44100 Hz, mono/)
  let end = 0
  let frames = 0
  for (let size = 1; size > 0 && end + 7 <= body.length; frames++) {
    size = adtsFrameBytes(body, end)
    if (end + size > body.length) break
    end += size
  }
  const { samples, complaints } = decode('ffmpeg', body.subarray(0, end), 'aac')
  t.equal(complaints, '')
  t.ok(frames > 40)
  t.ok(samples >= (frames - 1) * 1024, `${samples} samples of ${frames} frames`)
})

t.test('recognizes MP3 of lame, which decodes without a fault', { skip: needs('sox', 'lame', 'mpg123') }, async (t) => {
  const line = 'sox -q -n -t raw -r 44100 -e signed -b 16 -c 2 - synth 60 sine 440 | lame --quiet -r -b 128 - -'
  const flags = ['-source-bandwidth', '32000', '-exec', line]
  const body = await hear(t, flags, 40_000, 'audio/mpeg', /format="MPEG-1 Layer III, 44100 Hz, .*128 kbit\/s"/)
  const { samples, complaints } = decode('mpg123', wholeFrames(body))
  t.equal(complaints, '')
  t.ok(samples > 40 * 2 * 1152)
})

t.test('loops an MP3 file without its tags', { skip: needs('ffmpeg', 'mpg123') }, async (t) => {
  const file = join(t.testdir(), 'tone.mp3')
  const tags = ['-metadata', 'title=A tone', '-id3v2_version', '3', '-write_id3v1', '1', '-write_xing', '1']
  runProgram('ffmpeg', [...FFMPEG, ...TONE, '-t', '1', '-b:a', '128k', '-f', 'mp3', ...tags, file])
  const bytes = runProgram('cat', [file])
  t.equal(bytes.toString('latin1', 0, 3), 'ID3')
  t.equal(bytes.toString('latin1', bytes.length - 128, bytes.length - 125), 'TAG')

  const flags = ['-path', file, '-source-bandwidth', '160000']
  const body = await hear(t, flags, 3 * bytes.length, 'audio/mpeg', /format="MPEG-1 Layer III, 44100 Hz/)
  const sound = wholeFrames(body)
  t.notOk(
    ['A tone', 'Xing', 'Info'].some((word) => sound.includes(word)),
    'nothing but frames of sound',
  )
  for (const program of ['ffmpeg', 'mpg123'] as const) {
    const { samples, complaints } = decode(program, sound)
    t.equal(complaints, '', program)
    t.ok(samples > 2.5 * 44_100, `${program} decodes ${samples} samples`)
  }
})

t.test('sends listeners the samples that sox writes', { skip: needs('sox') }, async (t) => {
  const sox = ['sox', '-q', '-n', '-t', 'raw', '-r', '44100', '-e', 'signed', '-b', '16', '-c', '2', '-', '-D']
  const flags = [...sox, 'synth', '3', 'sine', '440']
  const expected = runProgram('sox', flags.slice(1))
  const server = await startServer(t, ['-source-bandwidth', '300000', '-exec', ...flags])
  const wav = listen(t, server.port, '/?wav')
  const body = await wav.bodyHas(44 + 200_000)
  t.match(wav.head(), 'Content-Type: audio/wav')
  t.equal(body.readUInt32LE(24), 44_100)
  t.ok(body.subarray(44, 200_044).equals(expected.subarray(0, 200_000)))
})

t.test('accepts samples of a recorder like parec', { skip: needs('sox') }, async (t) => {
  const parec = join(t.testdir(), 'parec')
  writeFileSync(parec, '#!/bin/sh\nexec sox -q -n -t raw -r 48000 -e signed -b 24 -c 1 - synth 60 sine 440\n')
  chmodSync(parec, 0o755)
  const flags = [parec, '--format=s24le', '--rate=48000', '--channels=1']
  const server = await startServer(t, ['-source-bandwidth', '200000', '-exec', ...flags])
  const wav = listen(t, server.port, '/?wav')
  const body = await wav.bodyHas(20_000)
  t.equal(body.readUInt16LE(22), 1, 'channels')
  t.equal(body.readUInt32LE(24), 48_000, 'rate')
  t.equal(body.readUInt16LE(34), 24, 'bits')
  const bare = listen(t, server.port)
  await bare.bodyHas(1000)
  t.match(bare.head(), 'Content-Type: application/octet-stream')
})
