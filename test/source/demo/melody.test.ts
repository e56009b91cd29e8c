import fc from 'fast-check'
import t from 'tap'
import { MELODY_RATE, renderMelody } from '../../../src/source/demo/melody.ts'

/** Bytes of a frame of two samples, and frames of the loop: 64 steps of 0.27 s. */
const FRAME_BYTES = 4
const LOOP = 64 * 0.27 * MELODY_RATE
/** Largest difference of two samples in a row: a click would be larger. */
const STEEPEST = 2_500

t.test('the melody is the same in any pieces, and in each round of its loop', async () => {
  const [from, frames] = [LOOP - MELODY_RATE / 2, MELODY_RATE]
  const whole = renderMelody(from, frames)
  fc.assert(
    fc.property(fc.nat(frames - 1), fc.integer({ min: 1, max: 3_000 }), fc.nat(3), (at, count, round) => {
      const piece = renderMelody(round * LOOP + from + at, Math.min(count, frames - at))
      return piece.equals(whole.subarray(at * FRAME_BYTES, at * FRAME_BYTES + piece.length))
    }),
  )
})

t.test('it is heard in both channels, without a click and without being cut at the limits', async (t) => {
  const samples = renderMelody(0, LOOP * 1.5)
  for (const channel of [0, 1]) {
    const values = Array.from({ length: LOOP * 1.5 }, (_, i) => samples.readInt16LE((2 * i + channel) * 2))
    const loudest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    t.ok(loudest > 10_000 && loudest < 32_767, `${loudest}`)
    const steepest = values.reduce((most, value, i) => Math.max(most, Math.abs(value - (values[i - 1] ?? 0))), 0)
    t.ok(steepest < STEEPEST, `${steepest}`)
  }
})
