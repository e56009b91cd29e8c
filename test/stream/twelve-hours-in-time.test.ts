import t from 'tap'
import { createAacAdts } from '../../filters/aac/adts.ts'
import type { Frame } from '../../filters/frame-filter.ts'
import type { Source } from '../../src/source/source.ts'
import { adtsFrames } from '../filters/made-up.ts'
import { cut } from '../filters/run-filter.ts'
import { beginRun, HOURS } from './long-run.ts'

/** Long frames, of four blocks of AAC, because each needs a timer; and of a duration that binary fractions cannot represent. */
const FRAME_MS = (4 * 1024) / 44.1
const RUN_MS = HOURS * 3_600_000
const FILE_FRAMES = 300
/** Milliseconds by which listeners are ahead from the beginning. */
const AHEAD_MS = 2000

t.setTimeout(HOURS * 60_000)

function longFrames(): Buffer[] {
  const frames = adtsFrames(FILE_FRAMES, 1)
  for (const frame of frames) frame[6] = (frame[6] ?? 0) | 0x03
  return frames
}

await t.test(`${HOURS} h of files, one after the other: frames keep their time`, async (t) => {
  const chunks = cut(Buffer.concat(longFrames()), [65_536])
  const source: Source = {
    label: 'files',
    paced: true,
    alike: true,
    open: async () => ({
      about: {},
      chunks: (async function* () {
        yield* chunks
      })(),
    }),
  }
  const run = beginRun(createAacAdts, () => source, ['-burst', `${AHEAD_MS}ms`])
  const { stream, clock } = run
  // Minimum and maximum earliness of frames in each twelfth of the time, in milliseconds.
  const early = Array.from({ length: 12 }, () => ({ least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY }))
  const startedAt = clock.now()
  let frames = 0
  const push = stream.ring.push.bind(stream.ring)
  stream.ring.push = (frame: Frame) => {
    push(frame)
    const elapsed = clock.now() - startedAt
    const ms = frames++ * FRAME_MS - elapsed
    // The burst that players begin with becomes less and less early.
    const part = elapsed < 60_000 ? undefined : early[Math.floor((elapsed * 12) / RUN_MS)]
    if (part === undefined) return
    part.least = Math.min(part.least, ms)
    part.most = Math.max(part.most, ms)
  }
  stream.start()
  while (clock.now() - startedAt < RUN_MS) await clock.next()
  void stream.stop('the test is over')
  const [first, last] = [early[0], early.at(-1)]
  t.comment(
    `${frames} frames, early by ${first?.least} to ${first?.most} ms at first, ${last?.least} to ${last?.most} at last`,
  )
  t.ok(Math.abs((last?.most ?? Number.NaN) - (first?.most ?? 0)) < 1, 'not earlier and earlier')
  t.ok(Math.abs((last?.least ?? Number.NaN) - (first?.least ?? 0)) < 1, 'not later and later')
  t.ok(Math.abs((first?.least ?? 0) - AHEAD_MS) < 100, 'ahead by what players need to begin')
})
