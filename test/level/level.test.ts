import t, { type Test } from 'tap'
import { createAuto } from '../../filters/auto/auto.ts'
import { parsePcmFormat } from '../../filters/pcm-format.ts'
import { endlessWavHeader } from '../../filters/wav/header.ts'
import type { SoundLevel } from '../../src/level/level-meters.ts'
import { needs, runProgram } from '../programs.ts'
import { openMeasured } from './measured.ts'
import { type Signal, samples, sine } from './samples.ts'

const SILENCE: Signal = () => 0
/** In decibels: the largest of 8 bits is 0.07 below full scale. */
const NEAR = 0.1

function isNear(t: Test, sound: SoundLevel | undefined, wanted: readonly (readonly [peak: number, rms: number])[]) {
  t.equal(sound?.channels.length, wanted.length)
  for (const [channel, [peak, rms]] of wanted.entries()) {
    const measured = sound?.channels[channel]
    t.ok(Math.abs((measured?.peak ?? Number.NaN) - peak) <= NEAR, `peak ${measured?.peak} is ${peak} dBFS`)
    t.ok(Math.abs((measured?.rms ?? Number.NaN) - rms) <= NEAR, `RMS ${measured?.rms} is ${rms} dBFS`)
  }
}

for (const encoding of ['s16le', 's24le', 's32le', 'f32le', 'f64le']) {
  t.test(`peak and RMS of ${encoding} are those of each channel`, async (t) => {
    const { stream, meters, give } = openMeasured(t, ['-pcm', `${encoding}:48000:2`])
    meters.read(stream)
    const [left, right] = [sine(1_000, 0.1), sine(440, 0.01)]
    await give(samples(`${encoding}:48000:2`, 2, (second, channel) => (channel === 0 ? left : right)(second, channel)))
    isNear(t, meters.read(stream), [
      [-20, -23.01],
      [-40, -43.01],
    ])
  })
}

t.test('a square wave at full scale is at 0 dBFS, and one of 8 bits is measured from their middle', async (t) => {
  const { stream, meters, give } = openMeasured(t, ['-pcm', 'u8:8000:1'])
  meters.read(stream)
  await give(samples('u8:8000:1', 2, (second) => (Math.floor(second * 1_000) % 2 === 0 ? 1 : -1)))
  isNear(t, meters.read(stream), [[0, 0]])
})

for (const law of ['mulaw', 'alaw']) {
  t.test(`${law} is measured as the samples that it stands for`, { skip: needs('ffmpeg') }, async (t) => {
    const { stream, meters, give } = openMeasured(t, ['-pcm', `${law}:8000:1`])
    meters.read(stream)
    const plain = samples('s16le:8000:1', 2, sine(400, 0.5))
    const input = ['-v', 'error', '-f', 's16le', '-ar', '8000', '-ac', '1', '-i', '-']
    await give(runProgram('ffmpeg', [...input, '-f', law, '-'], plain))
    const [channel] = meters.read(stream)?.channels ?? []
    t.ok(Math.abs((channel?.rms ?? 0) + 9.03) < 0.2, `RMS ${channel?.rms} is near -9 dBFS`)
    t.ok(Math.abs((channel?.peak ?? 0) + 6.02) < 0.2, `peak ${channel?.peak} is near -6 dBFS`)
  })
}

t.test('the format of WAV is that of its header', async (t) => {
  const { stream, meters, give } = openMeasured(t, ['-on-silence', 'true', '-exec', 'true'], createAuto)
  meters.measureForHooks(stream)
  await give(endlessWavHeader(parsePcmFormat('s24le:44100:1')))
  await give(samples('s24le:44100:1', 2, sine(1_000, 0.1)))
  isNear(t, meters.read(stream), [[-20, -23.01]])
})

t.test('the level is that of the last second', async (t) => {
  const { stream, meters, give } = openMeasured(t, ['-pcm', 's16le:8000:1'])
  meters.read(stream)
  await give(samples('s16le:8000:1', 1, sine(400, 1)))
  await give(samples('s16le:8000:1', 1, SILENCE))
  isNear(t, meters.read(stream), [[-144, -144]])
})

t.test('numbers that are no sound, and those beyond full scale, are limited', async (t) => {
  const { stream, meters, give } = openMeasured(t, ['-pcm', 'f32le:8000:1'])
  meters.read(stream)
  await give(samples('f32le:8000:1', 1, (second) => (second < 0.5 ? Number.NaN : 0)))
  isNear(t, meters.read(stream), [[-144, -144]])
  await give(samples('f32le:8000:1', 1, () => Number.POSITIVE_INFINITY))
  isNear(t, meters.read(stream), [[60, 60]])
})

t.test('a stream is not measured before its level is read, and some minutes after it was read last', async (t) => {
  const { stream, meters, give, clock } = openMeasured(t, ['-pcm', 's16le:8000:1', '-silence-after', '1s'])
  const second = samples('s16le:8000:1', 1, SILENCE)
  await give(second)
  await give(second)
  t.equal(stream.counters.silentMs, 0)
  t.strictSame(meters.read(stream)?.channels, [])
  for (let i = 0; i < 3; i++) await give(second)
  const measured = stream.counters.silentMs
  t.ok(measured >= 2_900)
  await clock.advance(6 * 60_000)
  await give(second)
  await give(second)
  t.ok(stream.counters.silentMs < measured + 200)
  t.strictSame(meters.read(stream), { channels: [], silentSince: undefined })
})

t.test('the level is not known any more when the source is quiet', async (t) => {
  const { stream, meters, give, clock } = openMeasured(t, ['-pcm', 's16le:8000:1'])
  meters.read(stream)
  await give(samples('s16le:8000:1', 1, sine(400, 1)))
  t.equal(meters.read(stream)?.channels.length, 1)
  await clock.advance(10_000)
  t.equal(meters.read(stream)?.channels.length, 0)
})

t.test('formats other than samples have no level', async (t) => {
  const { stream, meters } = openMeasured(t, ['-exec', 'true'])
  t.equal(meters.read(stream), undefined)
})
