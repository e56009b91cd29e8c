import t from 'tap'
import { headerOfFrame } from '../../filters/flac/header.ts'
import { mainDataBegin } from '../../filters/mpeg/layer-3.ts'
import { granuleOf } from '../../filters/ogg/page.ts'
import { PageScanner } from '../../filters/ogg/page-scanner.ts'
import { flac, oggenc, opusenc } from '../decode/encode.ts'
import { adtsFrames, id3v2, MP3_48K_HEADER, mpegFrames, noise, reservoirFrames } from '../filters/made-up.ts'
import { opusPages } from '../filters/ogg/made-up-ogg.ts'
import { needs } from '../programs.ts'
import { type Arrival, faultsOf, remarksOf, reportOn } from './received.ts'

/** All bytes at once. */
function atOnce(...pieces: readonly Buffer[]): Arrival[] {
  return [[0, Buffer.concat(pieces)]]
}

const HALF_SECOND = { listenedMs: 500 }

t.test('a first frame that arrives in parts is whole when its last byte is there', (t) => {
  const bytes = Buffer.concat(mpegFrames(100, 1))
  const report = reportOn([
    [0, bytes.subarray(0, 100)],
    [70, bytes.subarray(100, 420)],
    [90, bytes.subarray(420)],
  ])
  t.equal(report.times.firstFrameMs, 70)
  t.end()
})

t.test('broken frames are counted by place', (t) => {
  const frames = mpegFrames(60, 1)
  const broken = [20, 40].map((at) => noise(frames[at]?.length ?? 0, at).fill(7))
  frames.splice(20, 1, broken[0] as Buffer)
  frames.splice(40, 1, broken[1] as Buffer)
  const report = reportOn(atOnce(...frames), HALF_SECOND)
  t.strictSame(faultsOf(report), ['brokenFrames'])
  t.equal(report.summary, 'faulty: broken frames at 2 places (834 bytes) (MP3, 128 kbit/s, 44.1 kHz, stereo)')
  // Of the last frame it is not known yet whether it is whole.
  t.equal(report.received?.frames, 57)
  t.end()
})

t.test('a frame that is cut at the end of the time is not a fault', (t) => {
  const bytes = Buffer.concat(mpegFrames(60, 1))
  t.strictSame(faultsOf(reportOn(atOnce(bytes.subarray(0, -200)), HALF_SECOND)), [])
  t.end()
})

t.test('bytes of a frame that has begun before are a remark, as Icecast sends them', (t) => {
  const [first = Buffer.alloc(0), ...others] = mpegFrames(60, 1)
  const report = reportOn(atOnce(first.subarray(200), ...others), HALF_SECOND)
  t.equal(report.exitCode, 0)
  t.strictSame(remarksOf(report), ['startsWithinFrame'])
  t.equal(report.received?.bytesBeforeFirstFrame, 217)
  t.equal(report.received?.startsAtOnce, false)
  t.end()
})

t.test('tags in front of the first frame are a part of the stream', (t) => {
  const report = reportOn(atOnce(id3v2(noise(300, 1)), ...mpegFrames(60, 1)), HALF_SECOND)
  t.strictSame([faultsOf(report), remarksOf(report)], [[], []])
  t.equal(report.received?.startsAtOnce, true)
  t.end()
})

t.test('MP3 that begins with frames of which sound is missing is a remark', (t) => {
  const frames = reservoirFrames(80, 1)
  const whole = reportOn(atOnce(...frames), HALF_SECOND)
  t.strictSame([faultsOf(whole), remarksOf(whole)], [[], []])
  const joined = reportOn(atOnce(...frames.slice(frames.findIndex((frame) => mainDataBegin(frame) > 100))), HALF_SECOND)
  t.strictSame([faultsOf(joined), remarksOf(joined)], [[], ['startsWithoutMainData']])
  t.equal(joined.received?.startsAtOnce, false)
  t.end()
})

t.test('MP3 frames that are missing in between are a fault, although all others are whole', (t) => {
  const frames = reservoirFrames(80, 1)
  const report = reportOn(atOnce(...frames.slice(0, 40), ...frames.slice(45)), HALF_SECOND)
  t.strictSame(faultsOf(report), ['missingFrames'])
  t.equal(report.received?.brokenPlaces, 0)
  t.end()
})

t.test('Ogg pages that are missing are a fault, except between the headers and the first sound', (t) => {
  const type = { contentType: 'audio/ogg', ...HALF_SECOND }
  const [head, sound] = [opusPages(20).slice(0, 2), opusPages(20).slice(2)]
  const joined = reportOn(atOnce(...head, ...sound.slice(5)), type)
  t.strictSame([faultsOf(joined), remarksOf(joined)], [[], []])
  t.match(joined.summary, /^good: Ogg Opus, \d+ kbit\/s, 48 kHz, stereo; first frame after 0 ms$/)
  const gapped = reportOn(atOnce(...head, ...sound.slice(0, 5), ...sound.slice(7)), type)
  t.strictSame(faultsOf(gapped), ['missingFrames'])
  const broken = Buffer.from(sound[5] as Buffer)
  broken[60] = (broken[60] ?? 0) ^ 1
  const damaged = reportOn(atOnce(...head, ...sound.slice(0, 5), broken, ...sound.slice(6)), type)
  t.strictSame(faultsOf(damaged), ['brokenFrames'])
  t.end()
})

t.test('the first page of Ogg is not as long as the stream before it', { skip: needs('opusenc', 'oggenc') }, (t) => {
  const encoded = { opus: opusenc('--max-delay', '200')(6), vorbis: oggenc(44_100)(6) }
  for (const [codec, bytes] of Object.entries(encoded)) {
    const pages: Buffer[] = []
    new PageScanner().push(bytes, (page) => pages.push(page))
    const [head, sound] = [pages.filter((page) => granuleOf(page) === 0), pages.filter((page) => granuleOf(page) !== 0)]
    const at = Math.floor(sound.length / 2)
    const report = reportOn(atOnce(...head, ...sound.slice(at)), { contentType: 'audio/ogg', ...HALF_SECOND })
    t.strictSame(faultsOf(report), [])
    const soundMs = report.received?.soundMs ?? 0
    t.ok(soundMs > 1_000 && soundMs < 4_000, `${soundMs} ms of ${codec}`)
  }
  const waiting = reportOn(atOnce(...opusPages(0)), { contentType: 'audio/ogg', listenedMs: 2_000 })
  t.match(
    waiting.summary,
    / bytes: no whole frame of audio\/ogg; codecs=opus within 2\.0 s; -for 30s listens for longer$/,
  )
  t.end()
})

t.test('Ogg pages without headers are nothing to hear', (t) => {
  const report = reportOn(atOnce(...opusPages(20).slice(5)), { contentType: 'audio/ogg' })
  t.equal(report.exitCode, 2)
  t.match(report.summary, /^nothing to hear: \d+ bytes: Ogg pages without the headers of their stream$/)
  t.end()
})

t.test('a media type that does not fit the bytes is a fault, and none is a remark', (t) => {
  const bytes = atOnce(...adtsFrames(60, 1))
  for (const contentType of ['audio/aac', 'audio/aacp', 'AUDIO/X-AAC; x=y']) {
    t.strictSame(faultsOf(reportOn(bytes, { contentType, ...HALF_SECOND })), [], contentType)
  }
  const wrong = reportOn(bytes, { contentType: 'audio/mpeg', ...HALF_SECOND })
  t.match(wrong.summary, /^faulty: the server says audio\/mpeg, but sends audio\/aac \(AAC, /)
  for (const server of [{ contentType: undefined }, { contentType: 'application/octet-stream' }]) {
    t.strictSame(remarksOf(reportOn(bytes, { server, ...HALF_SECOND })), ['contentTypeMissing'])
  }
  t.end()
})

t.test('another format in the middle is a fault', (t) => {
  const report = reportOn(atOnce(...mpegFrames(40, 1), ...mpegFrames(40, 2, MP3_48K_HEADER, 384)), HALF_SECOND)
  t.ok(faultsOf(report).includes('formatChanged'))
  t.match(report.summary, /the format changes, to MPEG-1 Layer III, 48000 Hz, stereo/)
  t.end()
})

/** Why there is nothing to hear of some bytes. */
function reasonOf(bytes: Buffer): string {
  return reportOn(atOnce(bytes)).summary.replace(/^nothing to hear: \d+ bytes: /, '')
}

t.test('what is not sound is nothing to hear, with the reason', (t) => {
  t.equal(reasonOf(noise(20_000, 1)), 'no frames of a known format (MP3, AAC, Ogg, FLAC, WAV); check the address')
  t.equal(reasonOf(Buffer.from('<!doctype html><p>hello</p>'.padEnd(9_000))), 'this is an HTML page, not sound')
  const webm = Buffer.concat([Buffer.from('\x1aE\xdf\xa3', 'latin1'), noise(20_000, 1)])
  t.equal(reasonOf(webm), 'Matroska or WebM cannot be joined in the middle by players')
  t.end()
})

t.test('titles are reported once, with their times', (t) => {
  const [one, two] = [mpegFrames(20, 1), mpegFrames(20, 2)]
  const report = reportOn(
    [
      [0, Buffer.concat(one), 'First'],
      [300, Buffer.concat(two), 'First'],
      [400, Buffer.concat(one), ''],
      [450, Buffer.concat(two), 'Second'],
    ],
    HALF_SECOND,
  )
  t.strictSame(report.titles, [
    { atMs: 0, title: 'First' },
    { atMs: 450, title: 'Second' },
  ])
  t.end()
})

/** Header of WAV without an end: 44.1 kHz, 16 bit, stereo. */
const WAV_HEADER = Buffer.from(
  '52494646ffffffff57415645666d7420100000000100020044ac000010b102000400100064617461ffffffff',
  'hex',
)

t.test('samples that are all zero are nothing to hear, and faint ones are a remark', (t) => {
  const type = { contentType: 'audio/wav', ...HALF_SECOND }
  const samples = Buffer.alloc(176_400)
  const silent = reportOn(atOnce(WAV_HEADER, samples), type)
  t.equal(silent.summary, 'nothing to hear: WAV, 1411 kbit/s, 16 bit, 44.1 kHz, stereo, but digital silence for 500 ms')
  samples.writeInt16LE(10, 20_000)
  const faint = reportOn(atOnce(WAV_HEADER, samples), type)
  t.strictSame([faint.exitCode, remarksOf(faint), Math.round(faint.level?.peakDbfs ?? 0)], [0, ['faint'], -70])
  t.end()
})

/** Three seconds of FLAC: its headers, and each of its frames. */
function flacPieces(): readonly Buffer[] {
  const bytes = flac(44_100)(3)
  const starts = [0]
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (headerOfFrame(bytes.subarray(at))?.number === starts.length - 1) starts.push(at)
  }
  return starts.map((at, i) => bytes.subarray(at, starts[i + 1]))
}

t.test('FLAC frames that are missing are a fault', { skip: needs('flac') }, (t) => {
  const [headers = Buffer.alloc(0), ...frames] = flacPieces()
  const type = { contentType: 'audio/flac', ...HALF_SECOND }
  const whole = reportOn(atOnce(headers, ...frames), type)
  t.strictSame([faultsOf(whole), remarksOf(whole)], [[], []])
  t.strictSame(faultsOf(reportOn(atOnce(headers, ...frames.slice(10)), type)), [], 'numbers may begin anywhere')
  t.strictSame(faultsOf(reportOn(atOnce(headers, ...frames.slice(0, 5), ...frames.slice(7)), type)), ['missingFrames'])
  t.end()
})
