import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createFrameFile } from '../../../filters/create-frame-file.ts'
import { parsePcmFormat } from '../../../filters/pcm-format.ts'
import { createRaw } from '../../../filters/raw.ts'
import { createWav } from '../../../filters/wav/wav.ts'
import { needs, runProgram } from '../../programs.ts'
import { music } from '../encoded.ts'
import { fileOf, framesOf, placeOf } from './cut-files.ts'
import { difference, play, written } from './players.ts'

const MIB = 1024 * 1024

/** A file of raw samples. */
function fileOfSamples(format: string, frameBytes = 4096) {
  const frames = framesOf(createRaw, Buffer.alloc(frameBytes, 1), parsePcmFormat(format))
  const file = createFrameFile(placeOf(frames, 0))
  if (file === undefined) throw new Error('no file')
  return file
}

t.test('the header of a complete file is right to the byte', async (t) => {
  const frames = framesOf(createRaw, Buffer.alloc(400, 7), parsePcmFormat('s16le:44100:2'))
  const { bytes } = fileOf(frames, 0, frames.frames.length)
  const fmt = '666d7420 10000000 0100 0200 44ac0000 10b10200 0400 1000'
  const reserve = `4a554e4b 1c000000 ${'00'.repeat(28)}`
  const head = `52494646 d8010000 57415645 ${reserve} ${fmt} 64617461 90010000`
  t.equal(bytes.subarray(0, 80).toString('hex'), head.replaceAll(' ', ''))
  t.equal(bytes.length, 480)
})

t.test('an odd number of bytes is padded, and samples are counted', async (t) => {
  const frames = framesOf(createRaw, Buffer.alloc(129, 0xff), parsePcmFormat('mulaw:8000:1'))
  const { bytes } = fileOf(frames, 0, frames.frames.length)
  const data = bytes.indexOf('data')
  t.equal(bytes.readUInt32LE(data + 4), 129)
  t.equal(bytes.readUInt32LE(4), bytes.length - 8)
  t.equal(bytes.readUInt32LE(bytes.indexOf('fact') + 8), 129)
  t.equal(bytes.length, data + 8 + 130)
})

t.test('sizes of a growing file are unknown', async (t) => {
  const { head } = fileOfSamples('s16le:44100:2')
  t.equal(head.readUInt32LE(4), 0xffffffff)
  t.equal(head.readUInt32LE(head.length - 4), 0xffffffff)
})

t.test('more than 4 GiB are RF64', { skip: needs('ffprobe') }, async (t) => {
  const file = fileOfSamples('s16le:48000:2')
  const bytes = 4100 * MIB
  const some = Array.from({ length: 100 }, () => Buffer.alloc(MIB))
  for (let i = 0; i < 41; i++) file.add(some)
  const { patches } = file.end()
  const path = join(t.testdir(), 'long.wav')
  const fd = openSync(path, 'w')
  for (const { at, bytes: patch } of [{ at: 0, bytes: file.head }, ...patches])
    writeSync(fd, patch, 0, patch.length, at)
  ftruncateSync(fd, file.head.length + bytes)
  closeSync(fd)
  const [head = Buffer.alloc(0)] = patches.map((patch) => patch.bytes)
  t.equal(head.toString('latin1', 0, 4), 'RF64')
  t.equal(head.toString('latin1', 12, 16), 'ds64')
  t.equal(head.readBigUInt64LE(20), BigInt(head.length + bytes - 8))
  t.equal(head.readBigUInt64LE(28), BigInt(bytes))
  t.equal(head.readBigUInt64LE(36), BigInt(bytes / 4))
  const seconds = runProgram('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path])
  t.equal(Number(seconds.toString()).toFixed(3), (bytes / 4 / 48000).toFixed(3))
})

t.test('samples of other containers are those of WAV', { skip: needs('ffmpeg') }, async (t) => {
  const folder = t.testdir()
  const input = ['-v', 'error', '-f', 's16le', '-ar', '44100', '-ac', '2', '-i', '-']
  for (const [container, codec] of [
    ['aiff', 'pcm_s16be'],
    ['aiff', 'pcm_s24be'],
    ['aiff', 'pcm_s8'],
    ['au', 'pcm_f32be'],
    ['wav', 'pcm_u8'],
    ['wav', 'pcm_f64le'],
  ] as const) {
    const original = join(folder, `${codec}.${container}`)
    runProgram('ffmpeg', [...input, '-c:a', codec, original], music(2))
    const frames = framesOf(createWav, readFileSync(original))
    const file = fileOf(frames, 5, frames.frames.length)
    const last = fileOf(frames, 0, 5)
    const samples = [last, file].map((one, i) => play('ffmpeg', written(folder, `${i}.wav`, one.bytes)))
    t.equal(difference(Buffer.concat(samples), play('ffmpeg', original)), 0, `${codec} of ${container}`)
  }
})

t.test('a file of bytes whose format is unknown has them as they are', async (t) => {
  const frames = framesOf(createRaw, Buffer.from('any bytes'.repeat(100)))
  const { bytes, extension } = fileOf(frames, 0, frames.frames.length)
  t.equal(bytes.toString(), 'any bytes'.repeat(100))
  t.equal(extension, '.bin')
})
