import t from 'tap'
import { ToneMeter } from './tone-meter.ts'

const RATE = 48_000
const HZ = 440

function tone(seconds: number): Float32Array {
  return Float32Array.from({ length: seconds * RATE }, (_, i) => 0.4 * Math.sin((2 * Math.PI * HZ * i) / RATE))
}

function faultsOf(...parts: readonly Float32Array[]): readonly number[] {
  const meter = new ToneMeter(RATE, HZ)
  for (const part of parts) meter.push(part)
  return meter.faults
}

t.test('a tone has no faults, whatever precedes it', async (t) => {
  t.strictSame(faultsOf(new Float32Array(5_000), tone(3)), [])
})

t.test('faults are found where they are', async (t) => {
  const samples = tone(3)
  const first = (...parts: readonly Float32Array[]) => Math.round((faultsOf(...parts)[0] ?? 0) * 100) / 100
  t.equal(first(samples.subarray(0, RATE), samples.subarray(RATE + 1_152)), 1, 'a missing frame')
  t.equal(first(samples.subarray(0, RATE), new Float32Array(1_152), samples.subarray(RATE)), 1, 'silence')
  const frame = samples.subarray(RATE, RATE + 1_152)
  const dip = frame.map((sample, i) => sample * Math.abs(Math.cos((Math.PI * i) / 1_152)))
  const dipped = [samples.subarray(0, RATE), dip, samples.subarray(RATE + 1_152)]
  t.equal(first(...dipped), 1.01, 'a dip without a click')
  const other = samples.map((_, i) => 0.4 * Math.sin((2 * Math.PI * 3520 * i) / RATE))
  t.ok(faultsOf(other).length > 10, 'another tone')
})
