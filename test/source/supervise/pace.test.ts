import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { paced } from '../../../src/source/supervise/pace.ts'
import { pause } from '../../../src/system/clock.ts'
import { createManualClock, type ManualClock } from '../../manual-clock.ts'

async function* from(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks
}

/** Reads a paced source to its end; `note` receives each piece and its time. */
async function readAll(clock: ManualClock, pieces: AsyncIterable<Buffer>, note: (piece: Buffer, at: number) => void) {
  const state = { ended: false }
  const reading = (async () => {
    for await (const piece of pieces) note(piece, clock.now())
    state.ended = true
  })()
  while (!state.ended) await clock.next()
  await reading
}

const NEVER = new AbortController().signal

t.test('yields the bytes of 10 s within 2 % in 10 s, unchanged and evenly, for any chunks and rate', async (t) => {
  const rates = fc.integer({ min: 100, max: 5_000_000 })
  const sizes = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(rates, sizes, async (rate, lengths) => {
      const clock = createManualClock()
      const startedAt = clock.now()
      const chunks: Buffer[] = []
      // A source that is faster than its limit: 11 s of bytes.
      for (let made = 0; made < rate * 11; ) {
        const length = Math.min(lengths[chunks.length % lengths.length] ?? 1, Math.ceil(rate * 11) - made) || 1
        chunks.push(Buffer.alloc(Math.max(length, Math.ceil(rate / 100)), chunks.length & 0xff))
        made += chunks.at(-1)?.length ?? 0
      }
      let within = 0
      let first = 0
      let largest = 0
      let total = 0
      await readAll(clock, paced(from(chunks), rate, clock, NEVER), (piece, at) => {
        if (at < startedAt + 10_000) within += piece.length
        if (at === startedAt) first += piece.length
        largest = Math.max(largest, piece.length)
        total += piece.length
      })
      const sum = chunks.reduce((bytes, { length }) => bytes + length, 0)
      const isOnTime = Math.abs(within - rate * 10) <= rate * 0.2
      return isOnTime && total === sum && largest <= Math.max(1, rate / 49) && first <= Math.max(1, rate / 49)
    }),
    { numRuns: 12 },
  )
  t.pass('on time')
})

t.test('yields the bytes unchanged, without copies', async (t) => {
  const clock = createManualClock()
  const chunks = [Buffer.from('some bytes'), Buffer.alloc(3_000, 7), Buffer.from('more')]
  const pieces: Buffer[] = []
  await readAll(clock, paced(from(chunks), 1_000, clock, NEVER), (piece) => pieces.push(piece))
  t.same(Buffer.concat(pieces), Buffer.concat(chunks))
  t.ok(pieces.some(({ buffer }) => buffer === chunks[1]?.buffer))
})

t.test('makes up for at most half a second after a source was slow', async (t) => {
  const clock = createManualClock()
  async function* slow() {
    yield Buffer.alloc(100)
    await pause(clock, 60_000, NEVER)
    yield Buffer.alloc(100_000)
  }
  const stopped = new AbortController()
  let bytes = 0
  const reading = (async () => {
    for await (const piece of paced(slow(), 1_000, clock, stopped.signal)) bytes += piece.length
  })()
  await clock.advance(59_000)
  t.equal(bytes, 100)
  await clock.next()
  await clock.advance(0)
  t.ok(bytes >= 100 + 450 && bytes <= 100 + 550, `${bytes} bytes`)
  stopped.abort()
  await reading
})

t.test('ends a pause at once at an abort', async (t) => {
  const clock = createManualClock()
  const stopped = new AbortController()
  let pieces = 0
  const reading = (async () => {
    for await (const _ of paced(from([Buffer.alloc(10_000)]), 10, clock, stopped.signal)) pieces++
  })()
  await turn()
  t.equal(pieces, 1)
  stopped.abort()
  await reading
  t.equal(pieces, 1)
})
