import t from 'tap'
import { PlaybackBuffer } from '../../src/probe/playback-buffer.ts'
import { WriteDelays } from '../../src/probe/write-delays.ts'
import { mpegFrames } from '../filters/made-up.ts'
import { type Arrival, faultsOf, groups, reportOn } from './received.ts'

/** Duration of a frame of these tests, in milliseconds. */
const FRAME_MS = 1152 / 44.1
/** Frames of ten seconds. */
const TEN_SECONDS = 383

t.test('a playback buffer has its lowest lead just before sound arrives', (t) => {
  const buffer = new PlaybackBuffer(100)
  buffer.add(100, 2_000)
  buffer.add(1_600, 500)
  buffer.add(2_000, 500)
  t.equal(buffer.burstMs, 2_000)
  t.equal(buffer.lowestMs, 500)
  buffer.end(4_000)
  t.strictSame([buffer.lowestMs, buffer.lackMs], [-900, 900])
  t.strictSame([buffer.measuredMs, buffer.measuredSoundMs], [1_900, 1_000])
  t.end()
})

t.test('sound that arrives in the first second faster than in real time is a burst', (t) => {
  const buffer = new PlaybackBuffer(0)
  for (let at = 0; at <= 800; at += 200) buffer.add(at, 1_000)
  for (let at = 1_000; at <= 5_000; at += 200) buffer.add(at, 200)
  t.equal(buffer.burstMs, 4_200)
  t.equal(buffer.measuredSoundMs / buffer.measuredMs, 1)
  t.end()
})

t.test('delays are between writes, not between the chunks of one write', (t) => {
  const delays = new WriteDelays()
  for (const at of [0, 1, 2, 250, 251, 500, 750, 1_500]) delays.add(at)
  t.equal(delays.median(), 249)
  t.equal(delays.longestMs, 750)
  delays.end(2_500)
  t.equal(delays.longestMs, 1_000)
  t.equal(delays.median(), 249)
  t.equal(new WriteDelays().median(), undefined)
  t.end()
})

t.test('a stream in real time is good, with and without a burst', (t) => {
  const frames = mpegFrames(TEN_SECONDS + 150, 1)
  const plain = reportOn(groups(frames.slice(0, TEN_SECONDS), 1, FRAME_MS))
  t.strictSame(faultsOf(plain), [])
  t.equal(plain.summary, 'good: MP3, 128 kbit/s, 44.1 kHz, stereo; first frame after 0 ms')
  const burst: Arrival[] = [[0, Buffer.concat(frames.slice(0, 150))], ...groups(frames.slice(150), 10, FRAME_MS * 10)]
  const ahead = reportOn(burst)
  t.strictSame(faultsOf(ahead), [])
  t.ok((ahead.received?.burstMs ?? 0) > 3_800, `a burst of ${ahead.received?.burstMs} ms`)
  t.ok((ahead.received?.lowestLeadMs ?? 0) > 3_300, `${ahead.received?.lowestLeadMs} ms left`)
  t.end()
})

t.test('sound that arrives in large pieces, as from a program that reads HLS, is good', (t) => {
  const everyMs = FRAME_MS * 115
  t.strictSame(faultsOf(reportOn(groups(mpegFrames(4 * 115, 1), 115, everyMs), { listenedMs: everyMs * 3.9 })), [])
  t.end()
})

t.test('a gap is a fault when the burst is shorter', (t) => {
  const frames = mpegFrames(TEN_SECONDS + 150, 1)
  const gapped = (burst: number): Arrival[] => {
    const rest = frames.slice(burst, burst + TEN_SECONDS)
    return [
      [0, Buffer.concat(frames.slice(0, burst))],
      ...groups(rest, 10, FRAME_MS * 10).map(([at, bytes]): Arrival => [at < 3_000 ? at : Math.max(at, 6_000), bytes]),
    ]
  }
  t.strictSame(faultsOf(reportOn(gapped(150))), [])
  const short = reportOn(gapped(40))
  t.strictSame(faultsOf(short), ['ranDry'])
  t.match(short.summary, /^faulty: a player stops for lack of sound, unless it begins 1\.\d s later \(MP3, /)
  t.end()
})

t.test('a stream that stops is a fault, and one whose connection ends is another', (t) => {
  const second = groups(mpegFrames(38, 1), 1, FRAME_MS)
  t.strictSame(faultsOf(reportOn(second)), ['ranDry'])
  const ended = reportOn(second, { listenedMs: 1_000, end: { kind: 'ended', reason: 'connection lost' } })
  t.equal(
    ended.summary,
    'faulty: ended by the server after 1.0 s of 10.0 s (connection lost) (MP3, 128 kbit/s, 44.1 kHz, stereo)',
  )
  t.end()
})

t.test('a stream that is slower than real time is a fault, even while a burst lasts', (t) => {
  const frames = mpegFrames(TEN_SECONDS + 300, 1)
  const slow = (burst: number): Arrival[] => [
    [0, Buffer.concat(frames.slice(0, burst))],
    ...groups(frames.slice(burst, burst + 300), 1, FRAME_MS * 1.25),
  ]
  t.strictSame(faultsOf(reportOn(slow(200))), ['slow'])
  t.match(reportOn(slow(200)).summary, /slower than real time: 0\.80 s of sound a second/)
  t.strictSame(faultsOf(reportOn(slow(1))), ['ranDry', 'slow'])
  t.end()
})
