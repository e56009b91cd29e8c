import fc from 'fast-check'
import t from 'tap'
import { Varispeed } from '../../../src/web/audio/varispeed.ts'

const QUANTUM = 128
/** Half of the filter, in samples: its delay. */
const WING = 16

/** Plays a tone of this frequency, recorded at rate `from`, at rate `to`. @returns a second of the output */
function heard(hertz: number, from: number, to: number, speed = 1): Float32Array {
  let at = 0
  const varispeed = new Varispeed(
    ([out], start, count) => {
      for (let i = start; i < start + count; i++) if (out) out[i] = Math.sin((2 * Math.PI * hertz * at++) / from)
    },
    1,
    from / to,
  )
  const sound = new Float32Array(to)
  for (let begin = 0; begin + QUANTUM <= to; begin += QUANTUM) {
    varispeed.read([sound.subarray(begin, begin + QUANTUM)], speed)
  }
  return sound
}

/** Level (RMS) of the part of a sound that is a tone of this frequency, and of all of it. */
function analyse(sound: Float32Array, hertz: number, rate: number): { tone: number; all: number } {
  // The first samples fade in from silence.
  const from = 1000
  const length = sound.length - 2 * from
  let [re, im, all] = [0, 0, 0]
  for (let i = from; i < from + length; i++) {
    const value = sound[i] ?? 0
    const window = 1 - Math.cos((2 * Math.PI * (i - from)) / length)
    re += window * value * Math.cos((2 * Math.PI * hertz * i) / rate)
    im += window * value * Math.sin((2 * Math.PI * hertz * i) / rate)
    all += (window * value) ** 2
  }
  return { tone: (Math.SQRT2 * Math.hypot(re, im)) / length, all: Math.sqrt(all / (1.5 * length)) }
}

t.test('does not change samples at the same rate and speed 1', (t) => {
  const input = Float32Array.from({ length: 4096 }, (_, i) => Math.sin(i * i))
  let at = 0
  const varispeed = new Varispeed(
    ([out], start, count) => {
      for (let i = start; i < start + count; i++) if (out) out[i] = input[at++] ?? 0
    },
    1,
    1,
  )
  const out = new Float32Array(4096)
  for (let begin = 0; begin < 4000; begin += QUANTUM) varispeed.read([out.subarray(begin, begin + QUANTUM)], 1)
  t.ok(out.every((sample, i) => Math.abs(sample - (input[i] ?? 0)) < 1e-6))
  t.equal(at, 4096 + WING, 'and it asks for no more than it needs')
  t.end()
})

t.test('keeps the pitch of a tone, from any rate to any other', (t) => {
  const pairs: readonly (readonly [number, number])[] = [
    [44_100, 48_000],
    [48_000, 44_100],
    [8000, 48_000],
    [96_000, 48_000],
    [22_050, 44_100],
  ]
  for (const [from, to] of pairs) {
    for (const hertz of [440, 3000]) {
      const { tone, all } = analyse(heard(hertz, from, to), hertz, to)
      t.ok(Math.abs(tone - Math.SQRT1_2) < 0.005, `${hertz} Hz, ${from} to ${to}: ${tone.toFixed(4)}`)
      t.ok(all ** 2 - tone ** 2 < 1e-4, 'and nothing else')
    }
  }
  t.end()
})

t.test('filters out frequencies above half of a lower rate', (t) => {
  const { all } = analyse(heard(30_000, 96_000, 44_100), 1000, 44_100)
  t.ok(all < 0.01, all.toFixed(4))
  t.end()
})

t.test('raises the pitch by a hundredth at a speed higher by a hundredth', (t) => {
  const { tone } = analyse(heard(1000, 44_100, 48_000, 1.01), 1010, 48_000)
  t.ok(Math.abs(tone - Math.SQRT1_2) < 0.005, tone.toFixed(4))
  t.end()
})

t.test('never reads more samples than it needs, for any changes of speed', (t) => {
  const speeds = fc.array(fc.double({ min: 0.99, max: 1.01, noNaN: true }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(speeds, fc.constantFrom(44_100 / 48_000, 1, 2, 8000 / 48_000), (list, ratio) => {
      let asked = 0
      const varispeed = new Varispeed((_, __, count) => (asked += count), 1, ratio)
      const out = [new Float32Array(QUANTUM)]
      let place = 0
      for (const speed of list) {
        varispeed.read(out, speed)
        place += QUANTUM * ratio * speed
        const wing = Math.ceil(WING * Math.max(1, ratio))
        if (asked > place + wing + 2 || asked < place - ratio * 1.01 + wing - 1)
          throw new Error(`${asked} for ${place}`)
      }
    }),
  )
  t.end()
})
