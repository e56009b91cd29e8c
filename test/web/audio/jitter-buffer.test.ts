import fc from 'fast-check'
import t from 'tap'
import { JitterBuffer } from '../../../src/web/audio/jitter-buffer.ts'
import { type Moment, play, STEEPEST, steepest, toneAt } from './played-network.ts'

/** Maximum step of the signal with fades of 5 ms and interpolation. */
const CLICK = STEEPEST * 1.5 + 0.5 / 40

/** Moments after the buffer has settled. */
function later(moments: readonly Moment[], second: number): readonly Moment[] {
  return moments.filter((moment) => moment.second > second)
}

/** Pseudo-random delays that vary by at most `mostMs`, the same each time. */
function unsteady(mostMs: number, seed: number): (block: number) => number {
  return (block) => 20 + mostMs * (Math.abs(Math.sin((block + 1) * 12.9898 + seed) * 43758.5453) % 1)
}

/** Blocks of 10 ms: after 5 s nothing arrives for 10 s, and then all of it at once. */
function stalledAt5s(block: number): number {
  return block < 500 ? 5 : Math.max(5, 10_000 - (block - 500) * 10)
}

t.setTimeout(120_000)

t.test('plays all sound unchanged 40 ms after its arrival with a steady network and equal clocks', (t) => {
  const { buffer, moments } = play({ blockMs: 10, delayMs: () => 5, seconds: 20 })
  const settled = later(moments, 10)
  for (const { bufferedMs, targetMs } of settled) {
    t.equal(targetMs, 40)
    t.ok(bufferedMs > 10 && bufferedMs < 50, `${bufferedMs}`)
  }
  t.strictSame([buffer.late, buffer.underruns, buffer.gaps, buffer.jumps], [0, 0, 0, 0])
  t.ok(steepest(moments) < STEEPEST * 1.02)
  t.end()
})

t.test('plays all sound at a constant delay for any clocks and jitter within its bounds', (t) => {
  const scenes = fc.record({
    blockMs: fc.constantFrom(5, 10, 20),
    driftPpm: fc.integer({ min: -400, max: 400 }),
    jitterMs: fc.integer({ min: 0, max: 40 }),
    seed: fc.integer({ min: 0, max: 999 }),
  })
  fc.assert(
    fc.property(scenes, ({ blockMs, driftPpm, jitterMs, seed }) => {
      const { buffer, moments } = play({ blockMs, driftPpm, delayMs: unsteady(jitterMs, seed), seconds: 60 })
      const settled = later(moments, 30)
      const underruns = buffer.underruns - (settled[0]?.underruns ?? 0)
      if (underruns > 0) throw new Error(`nothing to play, ${underruns} times`)
      if (buffer.jumps + buffer.late + buffer.gaps > 0) throw new Error('something was left out')
      for (const { second, bufferedMs, targetMs } of settled) {
        if (targetMs > 80 || bufferedMs > targetMs + 25) throw new Error(`${bufferedMs} ms at ${second} s`)
      }
      if (steepest(settled) > STEEPEST * 1.05) throw new Error('a click')
    }),
    { numRuns: 12 },
  )
  t.end()
})

t.test('never makes a click', (t) => {
  const scenes = fc.record({
    blockMs: fc.constantFrom(5, 10, 20),
    lost: fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 20 }),
    stalls: fc.array(fc.record({ at: fc.nat({ max: 500 }), ms: fc.integer({ min: 30, max: 1500 }) }), { maxLength: 4 }),
  })
  fc.assert(
    fc.property(scenes, ({ blockMs, lost, stalls }) => {
      const delayMs = (block: number) => {
        if (lost.includes(block)) return undefined
        return Math.max(5, ...stalls.map(({ at, ms }) => (block < at ? 5 : ms - (block - at) * blockMs)))
      }
      const { moments } = play({ blockMs, delayMs, seconds: 10 })
      const step = steepest(moments)
      if (step > CLICK) throw new Error(`a step of ${step.toFixed(3)}`)
    }),
    { numRuns: 25 },
  )
  t.end()
})

t.test('returns to its delay after a stalled network, and drops sound that is out of date', (t) => {
  const { buffer, moments } = play({ blockMs: 10, delayMs: stalledAt5s, seconds: 30 })
  const back = later(moments, 15.5)
  t.ok(back.length > 100)
  for (const { bufferedMs, targetMs } of back) t.ok(bufferedMs <= targetMs + 10, `${bufferedMs} of ${targetMs}`)
  t.equal(buffer.underruns, 1)
  t.ok(buffer.jumps >= 1 && buffer.jumps <= 3, `${buffer.jumps} jumps`)
  t.end()
})

t.test('continues after a pause of the stream with the same delay', (t) => {
  const { buffer, moments } = play({ blockMs: 10, delayMs: (block) => (block < 500 ? 5 : 3005), seconds: 30 })
  const back = later(moments, 20)
  for (const { bufferedMs, targetMs } of back) {
    t.equal(targetMs, 40)
    t.ok(bufferedMs < 50, `${bufferedMs}`)
  }
  t.ok(buffer.underruns <= 2, `${buffer.underruns}`)
  t.equal(buffer.jumps, 0)
  t.end()
})

t.test('raises the delay at once when jitter grows, and lowers it gradually afterwards', (t) => {
  const rough = unsteady(60, 1)
  const { moments } = play({
    blockMs: 10,
    delayMs: (block) => (block > 500 && block < 1500 ? rough(block) : 20),
    seconds: 60,
  })
  const at = (second: number) => later(moments, second)[0]?.targetMs ?? 0
  t.equal(at(4.5), 40)
  t.ok(at(14) > 65, `${at(14)}`)
  t.equal(at(55), 40)
  t.end()
})

t.test('drops and counts sound that arrives too late', (t) => {
  const buffer = new JitterBuffer({ rate: 8000, channels: 1, leastMs: 40, mostMs: 80, firstMs: 40 })
  const block = Float32Array.from({ length: 800 }, (_, i) => toneAt(i))
  buffer.push(block, 0, 0.1)
  buffer.push(block, 0, 0.11)
  buffer.push(block.subarray(0, 80), 400, 0.12)
  t.equal(buffer.late, 2)
  t.equal(buffer.bufferedMs, 100)
  const out = new Float32Array(1000)
  buffer.pull([out], 0, 1000)
  t.equal(buffer.underruns, 1)
  buffer.push(block, 0, 0.3)
  t.equal(buffer.late, 3)
  t.end()
})

t.test('toLive drops all sound beyond the delay', (t) => {
  const buffer = new JitterBuffer({ rate: 8000, channels: 2, leastMs: 40, mostMs: 80, firstMs: 40 })
  const block = new Float32Array(2 * 80)
  buffer.push(block, undefined, 0.01)
  for (let i = 1; i < 20; i++) buffer.push(block, undefined, 0.01 + i / 100)
  const out = [new Float32Array(128), new Float32Array(128)]
  buffer.pull(out, 0, 128)
  for (let i = 0; i < 10; i++) buffer.push(block, undefined, 0.2)
  t.ok(buffer.bufferedMs > 100)
  buffer.toLive()
  buffer.pull(out, 0, 8)
  t.ok(buffer.bufferedMs <= buffer.targetMs)
  t.equal(buffer.jumps, 1)
  t.end()
})

t.test('starts again for another stream, or another position in it', (t) => {
  const buffer = new JitterBuffer({ rate: 8000, channels: 1, leastMs: 40, mostMs: 80, firstMs: 40 })
  const block = new Float32Array(800).fill(0.5)
  buffer.push(block, 1_000_000, 5)
  const out = new Float32Array(128)
  buffer.pull([out], 0, 128)
  t.ok(buffer.isPlaying)
  buffer.push(block, 0, 5.1)
  t.notOk(buffer.isPlaying)
  t.equal(buffer.bufferedMs, 100)
  buffer.clear()
  buffer.push(block, 77, 5.2)
  t.equal(buffer.bufferedMs, 100)
  t.equal(buffer.late, 0)
  t.end()
})
