import t from 'tap'
import { createRateChange } from '../../../src/web/audio/rate-change.ts'

/** Number of samples that the audio thread passes at once. */
const QUANTUM = 128

function sine(hz: number, rate: number, seconds: number): Float32Array {
  return Float32Array.from({ length: rate * seconds }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rate))
}

function changed(input: Float32Array, from: number, to: number): number[] {
  const change = createRateChange(from, to)
  const output: number[] = []
  for (let i = 0; i < input.length; i += QUANTUM)
    change(input.subarray(i, i + QUANTUM), (sample) => output.push(sample))
  return output
}

for (const from of [8_000, 16_000, 44_100, 96_000]) {
  t.test(`converts a voice from ${from} Hz to 48 kHz with the same duration and pitch`, async (t) => {
    const output = changed(sine(300, from, 2), from, 48_000)
    t.ok(Math.abs(output.length - 96_000) <= 2 * Math.ceil(48_000 / from), `${output.length} samples`)
    // Its delay is two samples of the old rate.
    const late = (2 * 48_000) / from
    const wrong = output.map((sample, i) => Math.abs(sample - Math.sin((2 * Math.PI * 300 * (i - late)) / 48_000)))
    t.ok(Math.max(...wrong.slice(200)) < 0.02, `off by ${Math.max(...wrong.slice(200))} at most`)
  })
}

t.test('does not change samples at the same rate', async (t) => {
  const input = sine(440, 48_000, 1)
  t.strictSame(Float32Array.from(changed(input, 48_000, 48_000)), input)
})
