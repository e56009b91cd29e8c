import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { FRAME_BYTES, makeFrames } from '../../bench/frames.ts'
import type { Content } from '../../bench/listener.ts'
import { type Load, type LoadReport, startLoad } from '../../bench/load.ts'
import { needs } from '../programs.ts'
import { startSender } from './faulty-server.ts'

/** Languages in which the same listeners are implemented. */
const LANGUAGES = ['C', 'Node'] as const
type Language = (typeof LANGUAGES)[number]

async function listenersOf(t: Test, language: Language, port: number, content: Content): Promise<Load> {
  const load = await startLoad({ port, path: '/' }, content, language === 'C')
  t.teardown(() => load.stop())
  return load
}

/** Connects three listeners, and compares their report. */
async function judge(
  t: Test,
  language: Language,
  writesFor: (listener: number) => readonly Buffer[],
  wanted: Partial<LoadReport>,
  content: Content = 'frames',
): Promise<void> {
  const load = await listenersOf(t, language, await startSender(t, writesFor), content)
  await load.open(3)
  await says(t, load, wanted)
}

/** Polls the report of the listeners until it is as wanted. */
async function says(t: Test, load: Load, wanted: Partial<LoadReport>): Promise<void> {
  const isThere = (report: LoadReport) =>
    Object.entries(wanted).every(([key, value]) => Reflect.get(report, key) === value)
  let report = await load.report()
  for (let looks = 0; looks < LOOKS && !isThere(report); looks++) {
    await sleep(LOOK_EVERY_MS)
    report = await load.report()
  }
  t.match(report, wanted)
}

/** Maximum number of reports, far more than needed unless something is wrong. */
const LOOKS = 200
const LOOK_EVERY_MS = 20

/** Cuts bytes into pieces of one size, regardless of frames. */
function inPieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))
}

const TEN = makeFrames(70, 10)
const upTo = (frames: number) => TEN.subarray(0, frames * FRAME_BYTES)
const from = (frame: number) => TEN.subarray(frame * FRAME_BYTES)

for (const language of LANGUAGES) {
  void t.test(`listeners in ${language}`, { skip: language === 'C' && needs('cc') }, (t) => {
    t.test('miss nothing when they look for bytes only now and then', async (t) => {
      const load = await listenersOf(t, language, await startSender(t, () => inPieces(TEN, 100)), 'frames')
      load.nap(2)
      await load.open(3)
      await says(t, load, { frames: 30, skipped: 0, corrupt: 0 })
    })

    t.test('find nothing wrong with whole frames in order, however they are cut', async (t) => {
      for (const size of [1, 100, FRAME_BYTES, 1000, TEN.length]) {
        const wanted = { frames: 30, bytes: 3 * TEN.length, skipped: 0, corrupt: 0, ended: 0, refused: 0 }
        await judge(t, language, () => inPieces(TEN, size), wanted)
      }
    })

    t.test('count the frames that are left out', (t) =>
      judge(t, language, () => [upTo(4), from(6)], { frames: 24, skipped: 6, corrupt: 0 }),
    )

    t.test('see a frame of which one byte is wrong', (t) => {
      const broken = Buffer.from(TEN)
      broken[5 * FRAME_BYTES + 300] = 1
      return judge(t, language, () => inPieces(broken, 1000), { frames: 27, corrupt: 3 })
    })

    t.test('see a frame that is torn, and find the next one', (t) =>
      judge(t, language, () => [upTo(4), from(4).subarray(0, 200), from(5)], { frames: 27, corrupt: 3 }),
    )

    t.test('see frames that come again', (t) =>
      judge(t, language, () => [upTo(4), from(3)], { frames: 30, corrupt: 3 }),
    )

    t.test('see that one of them gets other time stamps', async (t) => {
      const port = await startSender(t, (listener) => [listener < 2 ? TEN : makeFrames(70, 10, 1n)])
      const load = await listenersOf(t, language, port, 'frames')
      await load.open(2)
      await says(t, load, { frames: 20, corrupt: 0 })
      await load.open(1)
      await says(t, load, { frames: 20, corrupt: 1 })
    })

    t.test('may begin in the middle of a frame where that is what a server does', (t) =>
      judge(t, language, () => [TEN.subarray(100)], { frames: 27, skipped: 0, corrupt: 0 }, 'cut'),
    )

    t.test('want nothing but zeros of a firehose', async (t) => {
      await judge(t, language, () => [Buffer.alloc(5000)], { bytes: 15_000, corrupt: 0 }, 'zeros')
      await judge(t, language, () => [Buffer.from([0, 1])], { bytes: 0, corrupt: 3 }, 'zeros')
    })

    t.test('count who is refused, who is ended, and who takes nothing', async (t) => {
      const port = await startSender(t, () => [TEN])
      const load = await listenersOf(t, language, port, 'frames')
      await load.open(2)
      await load.stall(3)
      const { listeners, stalled } = await load.report()
      t.same({ listeners, stalled }, { listeners: 2, stalled: 3 })
      await load.leave()
      t.match(await load.report(), { listeners: 0, stalled: 0, ended: 0, refused: 0 })

      const closed = await listenersOf(t, language, await unusedPort(), 'frames')
      await closed.open(2)
      t.match(await closed.report(), { listeners: 0, refused: 2, unanswered: 0 })
    })
    t.end()
  })
}

async function unusedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}
