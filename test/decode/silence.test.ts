/** A source fails and returns in the middle of its programme: decoders do not complain, neither before nor after. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { makeFifo, writeAll } from '../fifos.ts'
import { runFilter } from '../filters/run-filter.ts'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { decodeFile, without } from './decode.ts'
import { listenPlainly } from './listener.ts'
import { MP3_STREAMS, OTHER_MPEG_STREAMS, OTHER_STREAMS } from './streams.ts'

const NAMES = ['CBR 64 mono', 'CBR 128', 'V2', 'CRC', '22.05 kHz', '8 kHz', 'AAC by ffmpeg', '32 kHz mono']
const STREAMS = [...MP3_STREAMS, ...OTHER_MPEG_STREAMS, ...OTHER_STREAMS].filter(({ name }) =>
  NAMES.some((end) => name.endsWith(end)),
)

/** The programme after the silence begins in the middle of a frame, so that there is something to repair. */
const CUT = 0.31

/** Bytes of two listeners: one from the beginning, and one that joined in the silence. */
async function hear(t: Test, first: Buffer, second: Buffer): Promise<Buffer[]> {
  const fifo = makeFifo(t.testdir())
  const server = await startServer(t, ['-fill', 'silence', '-burst', '300ms', '-path', fifo])
  const early = listenPlainly(t, server.port)
  await writeAll(t, fifo, first)
  await server.logged(/source closed/)
  const late = listenPlainly(t, server.port)
  await late.begun
  await writeAll(t, fifo, second)
  await server.loggedTimes(/source closed/, 2)
  server.child.kill('SIGTERM')
  return Promise.all([early.closed, late.closed])
}

t.jobs = STREAMS.length
await Promise.all(
  STREAMS.map((stream) => {
    const { name, encoder, format, encode, rate, channels } = stream
    const programs = [encoder, ...format.decoders.map(({ program }) => program)]
    return t.test(`${name}: silence in the middle`, { skip: needs(...new Set(programs)) }, async (t) => {
      const programme = encode(3)
      const second = programme.subarray(Math.round(programme.length * CUT))
      const bodies = await hear(t, programme, second)
      const frames = runFilter(format.filter, [second]).frames.length
      for (const decoder of format.decoders) {
        const whole = join(t.testdirName, 'whole')
        writeFileSync(whole, programme)
        const { samples: expected, complaints: inherent } = await decodeFile(decoder, whole)
        for (const [i, body] of bodies.entries()) {
          const file = join(t.testdirName, `listener-${i}`)
          writeFileSync(file, body)
          const { complaints, samples } = await decodeFile(decoder, file)
          t.strictSame(without(complaints, inherent), [], `listener ${i}, ${decoder.program}`)
          t.ok(
            endsInSame(samples, expected, (frames - 4) * 0.02 * rate * channels, decoder.tolerance),
            'the same sound',
          )
        }
      }
    })
  }),
)

/**
 * Returns whether the two agree, for at least `most` samples, at the last position where the end of one occurs in the other.
 */
function endsInSame(samples: Int16Array, expected: Int16Array, most: number, tolerance: number): boolean {
  const isSameAt = (shift: number, length: number) => {
    for (let i = 1; i <= length; i++) {
      const difference = (samples[samples.length - i - shift] ?? 0) - (expected[expected.length - i] ?? 0)
      if (Math.abs(difference) > tolerance) return false
    }
    return true
  }
  // Silence continues when the second programme is over.
  for (let shift = 0; shift < samples.length - most; shift++) {
    if (isSameAt(shift, 200) && isSameAt(shift, Math.max(200, Math.floor(most)))) return true
  }
  return false
}
