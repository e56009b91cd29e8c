import t from 'tap'
import { createFlac } from '../../filters/flac/flac.ts'
import { createMp3 } from '../../filters/mpeg/mp3.ts'
import { id3Tag, timestampFrame } from '../../src/hls/id3.ts'
import { music } from '../filters/encoded.ts'
import { mpegFrames } from '../filters/made-up.ts'
import { needs, runProgram } from '../programs.ts'
import { cutSegments, type Frames, framesOf } from './cut-segments.ts'
import { packagingFor } from './packaging-for.ts'
import { readPackedAudio } from './read-packed-audio.ts'
import { type Answer, Validator } from './validator.ts'

/** Segments in a playlist; loads of it. */
const WINDOW = 6
const LOADS = 10
const BEGAN = Date.UTC(2027, 0, 1)
const NOTHING = Buffer.alloc(0)

/** A live stream of segments of a second, one load for each. */
interface Origin {
  readonly map: string
  readonly lines: (load: number) => string[]
  readonly answer: (uri: string, load: number) => Answer
}

function dateAt(us: number): string {
  return `#EXT-X-PROGRAM-DATE-TIME:${new Date(BEGAN + us / 1000).toISOString()}`
}

async function originOf(stream: Frames): Promise<Origin> {
  const { init, pack, extension, contentType } = await packagingFor(stream)
  const segments = cutSegments(stream, 1_000).slice(0, WINDOW + LOADS)
  const files = new Map(segments.map((segment) => [`${segment.number}.${extension}`, pack(segment)]))
  if (init !== undefined) files.set('init.mp4', init)
  const map = init === undefined ? '' : '#EXT-X-MAP:URI="init.mp4"'
  const lines = (load: number) => [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-TARGETDURATION:1',
    `#EXT-X-MEDIA-SEQUENCE:${load}`,
    ...(map === '' ? [] : [map]),
    ...segments
      .slice(load, load + WINDOW)
      .flatMap(({ number, us, durationUs }) => [dateAt(us), `#EXTINF:${durationUs / 1e6},`, `${number}.${extension}`]),
  ]
  const answer = (uri: string) => {
    const bytes = files.get(uri)
    return { status: bytes === undefined ? 404 : 200, type: contentType, bytes: bytes ?? NOTHING }
  }
  return { map, lines, answer }
}

async function mp3Origin(): Promise<Origin> {
  return originOf(framesOf(createMp3, Buffer.concat(mpegFrames(800, 1))))
}

async function faultsOf({ lines, answer }: Pick<Origin, 'lines' | 'answer'>): Promise<readonly string[]> {
  let load = 0
  const validator = new Validator(
    async (uri) => answer(uri, load),
    () => load * 1_000,
  )
  for (; load < LOADS; load++) await validator.load(lines(load).join('\n'))
  if (validator.segments < WINDOW) throw new Error(`${validator.segments} segments were read`)
  return validator.faults
}

/** Faults of an origin in what it lists. */
const PLAYLISTS: readonly [string, (lines: string[], load: number) => unknown, RegExp][] = [
  [
    'a sequence that goes back',
    (lines, load) => (lines[3] = `#EXT-X-MEDIA-SEQUENCE:${load === 5 ? 3 : load}`),
    /goes back from 4 to 3/,
  ],
  [
    'a sequence that does not count',
    (lines) => (lines[3] = '#EXT-X-MEDIA-SEQUENCE:0'),
    /segment 0 was .*0\.mp3.* and is .*1\.mp3/,
  ],
  ['a missing segment', (lines, load) => load === 4 && lines.splice(7, 3), /segment 5 was .*5\.mp3.* and is .*6\.mp3/],
  [
    'a segment that leaves at the end',
    (lines, load) => load === 4 && lines.splice(-6),
    /8\.mp3 was removed from the end/,
  ],
  [
    'a target duration that is too short',
    (lines) => (lines[2] = '#EXT-X-TARGETDURATION:0'),
    /0\.mp3 has .* the target duration is 0/,
  ],
  [
    'a target duration that changes',
    (lines, load) => load > 4 && (lines[2] = '#EXT-X-TARGETDURATION:2'),
    /target duration was 1 and is 2/,
  ],
  ['no target duration', (lines) => lines.splice(2, 1), /no EXT-X-TARGETDURATION/],
  ['an old version', (lines) => (lines[1] = '#EXT-X-VERSION:2'), /VERSION is 2, and must be 3/],
  [
    'an EXTINF that is wrong',
    (lines) => edit(lines, /^#EXTINF:(.*),/, (seconds) => `#EXTINF:${Number(seconds) - 0.1},`),
    /EXTINF is/,
  ],
  [
    'EXTINF whose sum is wrong',
    (lines) => edit(lines, /^#EXTINF:(.*),/, (seconds) => `#EXTINF:${Number(seconds) + 0.0019},`),
    /is ahead by/,
  ],
  ['no EXTINF', (lines) => edit(lines, /^#EXTINF:(.*),/, () => ''), /no EXTINF before 0\.mp3/],
  [
    'times that jump',
    (lines) =>
      edit(
        lines,
        /^#EXT-X-PROGRAM-DATE-TIME:(.*)/,
        (time) => `#EXT-X-PROGRAM-DATE-TIME:${Date.parse(time) < BEGAN + 8_500 ? time : time.replace('2027', '2028')}`,
      ),
    /PROGRAM-DATE-TIME of 9\.mp3/,
  ],
  [
    'a discontinuity that is not counted',
    (lines) => mark(lines, '3.mp3', '#EXT-X-DISCONTINUITY'),
    /DISCONTINUITY-SEQUENCE is 0; 1 were removed/,
  ],
  [
    'a discontinuity that appears later',
    (lines, load) => load > 1 && mark(lines, '4.mp3', '#EXT-X-DISCONTINUITY'),
    /segment 4 was .*false.* and is .*true/,
  ],
  ['an unknown tag', (lines) => lines.push('#EXT-X-TITLE:1'), /unknown tag EXT-X-TITLE/],
  ['too few segments', (lines) => lines.splice(10), /removed from a playlist of/],
  ['packed audio with an EXT-X-MAP', (lines) => lines.splice(4, 0, '#EXT-X-MAP:URI="0.mp3"'), /has an EXT-X-MAP/],
]

function edit(lines: string[], pattern: RegExp, change: (value: string) => string): void {
  for (const [at, line] of lines.entries()) {
    const [, value] = pattern.exec(line) ?? []
    if (value !== undefined) lines[at] = change(value)
  }
}

function mark(lines: string[], uri: string, tag: string): void {
  const at = lines.indexOf(uri)
  if (at >= 0) lines.splice(at, 0, tag)
}

/** Faults of an origin in its answers. */
const ANSWERS: readonly [string, (answer: Answer, uri: string, load: number) => Partial<Answer>, RegExp][] = [
  [
    'a listed segment that is not there',
    (_, uri) => (uri === '7.mp3' ? { status: 404 } : {}),
    /7\.mp3 is listed, and answered with 404/,
  ],
  [
    'a segment that leaves too early',
    (_, uri, load) => (uri === '1.mp3' && load > 3 ? { status: 404 } : {}),
    /1\.mp3 is answered with 404, at most [1-9] s after it was removed/,
  ],
  [
    'a segment that changes',
    ({ bytes }, uri, load) => (uri === '4.mp3' && load > 3 ? { bytes: Buffer.concat([bytes, bytes]) } : {}),
    /4\.mp3 has changed/,
  ],
  [
    'a segment of another type',
    (_, uri) => (uri === '4.mp3' ? { type: 'audio/aac' } : {}),
    /4\.mp3 has the type audio\/aac/,
  ],
  [
    'a segment without a timestamp',
    ({ bytes }, uri) => (uri === '4.mp3' ? { bytes: withoutTag(bytes) } : {}),
    /4\.mp3: does not begin with a timestamp/,
  ],
  [
    'a timestamp that starts again',
    ({ bytes }, uri) => (Number.parseInt(uri, 10) > 7 ? { bytes: timed(bytes, 0) } : {}),
    /8\.mp3 begins -7/,
  ],
  [
    'a timestamp that is late',
    ({ bytes }, uri) =>
      Number.parseInt(uri, 10) > 7 ? { bytes: timed(bytes, Number.parseInt(uri, 10) * 1e6 + 60_000) } : {},
    /8\.mp3 begins 1\.0/,
  ],
  [
    'a segment that is cut off',
    ({ bytes }, uri) => (uri === '4.mp3' ? { bytes: bytes.subarray(0, -10) } : {}),
    /4\.mp3: no frame at/,
  ],
  [
    'sound of another format',
    ({ bytes }, uri) => (uri === '4.mp3' ? { bytes: otherFormat(bytes) } : {}),
    /4\.mp3 has another format/,
  ],
]

function withoutTag(bytes: Buffer): Buffer {
  return bytes.subarray(10 + (bytes[9] ?? 0))
}

function timed(bytes: Buffer, us: number): Buffer {
  return Buffer.concat([id3Tag(timestampFrame(us)), withoutTag(bytes)])
}

/** Writes a number behind the type of a box. */
function bytesAt(bytes: Buffer, type: string, offset: number, value: number): Buffer {
  const copy = Buffer.from(bytes)
  copy.writeUInt32BE(value, copy.indexOf(type) + offset)
  return copy
}

/** Time of a segment, in microseconds. */
function timeOf(bytes: Buffer): number {
  return (readPackedAudio(bytes).tags[0]?.timestamp ?? 0) / 0.09
}

/** The same number of frames, at 48 kHz. */
function otherFormat(bytes: Buffer): Buffer {
  const frames = mpegFrames(38, 1, Buffer.from('fffb9444', 'hex'), 384)
  return Buffer.concat([bytes.subarray(0, 10 + (bytes[9] ?? 0)), ...frames])
}

await t.test('a stream without faults has none', async (t) => {
  t.strictSame(await faultsOf(await mp3Origin()), [])
})

await t.test('a discontinuity may have other times, another format and a gap', async (t) => {
  const origin = await mp3Origin()
  const lines = (load: number) => {
    const changed = origin.lines(load)
    mark(changed, '8.mp3', '#EXT-X-DISCONTINUITY')
    if (load > 8) changed.splice(4, 0, '#EXT-X-DISCONTINUITY-SEQUENCE:1')
    return changed
  }
  const eighth = origin.answer('8.mp3', 0).bytes
  const answer = (uri: string, load: number) => {
    const { bytes, ...rest } = origin.answer(uri, load)
    const number = Number.parseInt(uri, 10)
    return { ...rest, bytes: number < 8 ? bytes : timed(bytes, timeOf(bytes) - timeOf(eighth)) }
  }
  t.strictSame(await faultsOf({ lines, answer }), [])
})

for (const [name, change, expected] of PLAYLISTS) {
  await t.test(`finds ${name}`, async (t) => {
    const origin = await mp3Origin()
    const lines = (load: number) => {
      const changed = origin.lines(load)
      change(changed, load)
      return changed
    }
    t.match((await faultsOf({ ...origin, lines })).join('\n'), expected)
  })
}

for (const [name, change, expected] of ANSWERS) {
  await t.test(`finds ${name}`, async (t) => {
    const origin = await mp3Origin()
    const answer = (uri: string, load: number) => {
      const right = origin.answer(uri, load)
      return { ...right, ...change(right, uri, load) }
    }
    t.match((await faultsOf({ ...origin, answer })).join('\n'), expected)
  })
}

await t.test('finds a playlist that stops', async (t) => {
  const origin = await mp3Origin()
  const faults = await faultsOf({ ...origin, lines: (load) => origin.lines(Math.min(load, 4)) })
  t.match(faults.join(), /no new segment for 3 s/)
})

await t.test('fragments of MP4', { skip: needs('flac') }, async (t) => {
  const raw = ['--endian=little', '--sign=signed', '--channels=2', '--bps=16', '--sample-rate=44100']
  const origin = await originOf(framesOf(createFlac, runProgram('flac', ['-s', '-c', ...raw, '-'], music(20))))
  const withAnswer = (change: (answer: Answer, uri: string) => Partial<Answer>) => {
    const answer = (uri: string, load: number) => {
      const right = origin.answer(uri, load)
      return { ...right, ...change(right, uri) }
    }
    return faultsOf({ ...origin, answer })
  }
  t.strictSame(await faultsOf(origin), [])
  const without = (load: number) => origin.lines(load).filter((line) => line !== origin.map)
  t.match((await faultsOf({ ...origin, lines: without })).join(), /0\.m4s: has no EXT-X-MAP/)
  t.match(
    (await withAnswer((_, uri) => (uri === 'init.mp4' ? { status: 404 } : {}))).join(),
    /init\.mp4 is answered with 404/,
  )
  t.match(
    (await withAnswer(({ bytes }, uri) => (uri === 'init.mp4' ? { bytes: bytes.subarray(0, 40) } : {}))).join(),
    /a box of/,
  )
  const late = withAnswer(({ bytes }, uri) => (uri === '4.m4s' ? { bytes: bytesAt(bytes, 'tfdt', 12, 0) } : {}))
  t.match((await late).join(), /4\.m4s begins -/)
  const same = withAnswer(({ bytes }, uri) => (uri === '4.m4s' ? { bytes: bytesAt(bytes, 'mfhd', 8, 1) } : {}))
  t.match((await same).join(), /the fragment number of 4\.m4s is 1/)
})
