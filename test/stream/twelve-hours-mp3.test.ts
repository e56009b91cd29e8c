import t from 'tap'
import { createMp3 } from '../../filters/mpeg/mp3.ts'
import { music } from '../filters/encoded.ts'
import { cut } from '../filters/run-filter.ts'
import { needs, runProgram } from '../programs.ts'
import { decode } from '../sound/decode.ts'
import { beginRun, flowing, growthKb, HOURS, heldKb, NOISE_KB, type Piece } from './long-run.ts'
import { faultsOf, type Visit, visit } from './visitors-of-mp3.ts'

const FRAME_US = (1152 * 1e6) / 44_100
const SECONDS = HOURS * 3600
/** Duration of a visitor's stay, and interval between two writes of a slow listener, in seconds. */
const STAY = 5
const STALL = 45
const GARBAGE = Buffer.alloc(1000)

/** An hour of MP3 as a source yields it, occasionally interspersed with other bytes. */
function* hour(chunks: readonly Buffer[], bytesPerMs: number): Iterable<Piece> {
  let sinceGarbage = Number.POSITIVE_INFINITY
  for (let ms = 0; ms < 3_600_000; ) {
    if (sinceGarbage > 500_000) yield { bytes: GARBAGE, ms: (sinceGarbage = 0) }
    for (const bytes of chunks) {
      yield { bytes, ms: bytes.length / bytesPerMs }
      ms += bytes.length / bytesPerMs
      sinceGarbage += bytes.length / bytesPerMs
    }
  }
}

t.setTimeout(HOURS * 60_000)

await t.test(
  `${HOURS} h of MP3: nothing drifts, nothing grows, and new listeners are served`,
  {
    skip: needs('lame', 'ffmpeg'),
  },
  async (t) => {
    const material = runProgram('lame', ['--quiet', '-r', '-s', '44.1', '-t', '-b', '128', '-', '-'], music(30))
    const chunks = cut(material, [4096])
    const openings = Array.from({ length: HOURS }, () => hour(chunks, 16))
    const faults: string[] = []
    const held: number[] = []
    const visits: Visit[] = []
    const sample: Buffer[] = []
    let bytesOut = 0
    const leave = (one: Visit) => {
      one.listener.leave()
      bytesOut += one.listener.bytes
      faults.push(...faultsOf(one))
    }
    const everySecond = (second: number) => {
      run.stream.setTitle(`${second} `.padEnd(1000, '.'))
      if (second % 420 === 100) {
        const isLast = second > SECONDS - 600
        visits.push(visit(run, false, ({ before, bytes }) => isLast && sample.push(before, bytes)))
      }
      if (second % 420 === 100 + STAY) for (const one of visits.splice(0)) leave(one)
      if (second % STALL === 0) slow.listener.drain()
      if (second % (SECONDS / 12) === 0) held.push(heldKb())
    }
    let ended: (() => void) | undefined
    const over = new Promise<void>((resolve) => {
      ended = resolve
    })
    const run = beginRun(createMp3, (clock) => flowing(openings, clock, everySecond, () => ended?.()))
    const { stream, came, most } = run
    const steady = visit(run)
    const slow = visit(run, true)
    await over
    for (const one of [...visits, slow, steady]) leave(one)
    const { bytesIn, invalidBytes } = stream.statistics()
    await stream.stop('the test is over')

    const { ring } = stream
    t.strictSame(faults, [])
    t.equal(came.frames, ring.next)
    t.equal(steady.listener.listener.framesSent, came.frames, 'the one who stayed got every frame')
    t.equal(bytesIn, came.bytes + invalidBytes)
    t.equal(stream.statistics().bytesOut, bytesOut)
    t.ok(
      Math.abs(came.us - came.frames * FRAME_US) < 1000,
      `sum of durations: ${came.us - came.frames * FRAME_US} us off`,
    )
    const inRing = Array.from({ length: ring.next - ring.first }, (_, i) => ring.at(ring.first + i))
    const [us, bytes] = [
      inRing.reduce((sum, frame) => sum + (frame?.durationUs ?? 0), 0),
      inRing.reduce((sum, frame) => sum + (frame?.bytes.length ?? 0), 0),
    ]
    t.equal(ring.bytes, bytes)
    t.ok(Math.abs(ring.us - us) < 1, `ring: ${ring.us - us} us off`)
    t.ok(most.bytes < 512 * 1024 + 1000, `the ring held ${most.bytes} bytes at most`)
    t.ok(slow.listener.listener.framesSkipped > came.frames / 10, `${slow.listener.listener.framesSkipped} skipped`)
    t.equal(stream.titles.at(ring.next - 1)?.text.length, 1000)
    t.ok(growthKb(held) < NOISE_KB, `${growthKb(held)} kB more were held at the end`)
    t.equal(decode('ffmpeg', Buffer.concat(sample)).complaints, '')
    t.comment(`${came.frames} frames, ${bytesIn} bytes in, ${invalidBytes} invalid, ring ${most.frames} frames at most`)
    t.comment(
      `durations ${came.us - came.frames * FRAME_US} us off, the ring's sum ${ring.us - us} us, ${held.join(' ')} kB held`,
    )
  },
)
