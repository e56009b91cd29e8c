import t from 'tap'
import { createAacAdts } from '../../filters/aac/adts.ts'
import type { CreateFilter, Frame } from '../../filters/frame-filter.ts'
import { mpegFrameBytes } from '../../filters/mpeg/header.ts'
import { createMp3 } from '../../filters/mpeg/mp3.ts'
import { needs, runProgram } from '../programs.ts'
import { decodeAac, decodeMp3, type Mp3Decoder } from './decoders.ts'
import { ffmpeg, lame } from './encoded.ts'
import { adtsFrames, mpegFrames, noise } from './made-up.ts'
import { DEFAULTS, joined, runFilter } from './run-filter.ts'

const NOBODY: Frame = { bytes: Buffer.alloc(0), durationUs: 0 }
/** Numbers of frames: sound before the silence, silence, sound after it. */
const [BEFORE, SILENT, AFTER] = [20, 50, 12]

function silenceAfter(create: CreateFilter, last: Buffer): Frame | undefined {
  return create(DEFAULTS).silence?.({ bytes: last, durationUs: 0 })
}

/** Sound, silence, and sound from the middle of an encode, as the next opening delivers it. */
function withSilence(create: CreateFilter, sound: Buffer) {
  const { frames, filter } = runFilter(create, [sound])
  const last = frames[BEFORE - 1] ?? NOBODY
  const silent = filter.silence?.(last) ?? NOBODY
  const again = runFilter(create, [joined(frames.slice(25))]).frames.slice(0, AFTER)
  const all = [...frames.slice(0, BEFORE), ...Array.from({ length: SILENT }, () => silent), ...again]
  return { bytes: joined(all), frames: all.length, silent, last }
}

/** Returns whether all samples are zero from frame `from` up to frame `to`. */
function isSilent(samples: Buffer, frames: number, from: number, to: number): boolean {
  const bytes = samples.length / frames
  return samples.subarray(from * bytes, to * bytes).every((byte) => byte === 0)
}

const MP3: readonly (readonly string[])[] = [
  ['-b', '128'],
  ['-V', '3'],
  ['-p', '-b', '96'],
  ['-b', '64', '-m', 'm', '-a'],
  ['--resample', '48', '-b', '320'],
  ['--resample', '24', '-V', '6'],
  ['--resample', '16', '-b', '32', '-m', 'm', '-a'],
  ['--resample', '8', '-b', '16'],
]

for (const program of ['ffmpeg', 'mpg123', 'madplay'] as const satisfies readonly Mp3Decoder[]) {
  for (const args of MP3) {
    await t.test(`lame ${args.join(' ')}: silence is silent, by ${program}`, { skip: needs('lame', program) }, (t) => {
      const { bytes, frames } = withSilence(createMp3, lame('-t', ...args))
      const heard = decodeMp3(program, bytes)
      // The filter bank decays for one frame in MPEG-1, two in MPEG-2.
      t.ok(isSilent(heard, frames, BEFORE + 3, BEFORE + SILENT))
      t.notOk(isSilent(heard, frames, BEFORE - 2, BEFORE))
      t.notOk(isSilent(heard, frames, BEFORE + SILENT + 3, frames))
      t.end()
    })
  }
}

await t.test(
  'MPEG audio: silence is of the same kind and bit rate, and lasts as long',
  { skip: needs('lame') },
  (t) => {
    for (const args of MP3) {
      const { silent, last } = withSilence(createMp3, lame('-t', ...args))
      t.equal(silent.durationUs, last.durationUs)
      t.equal(silent.bytes.length, mpegFrameBytes(silent.bytes, 0))
      t.ok(last.bytes.length - silent.bytes.length <= 1)
      const filter = createMp3(DEFAULTS)
      filter.push(Buffer.concat([silent.bytes, silent.bytes, silent.bytes, silent.bytes]), () => {})
      const model = createMp3(DEFAULTS)
      model.push(lame('-t', ...args), () => {})
      t.equal(filter.format, model.format)
    }
    t.end()
  },
)

await t.test('Layer II: silence is silent', { skip: needs('ffmpeg') }, (t) => {
  for (const args of [['192k'], ['32k', '-ac', '1'], ['64k', '-ar', '22050']]) {
    const { bytes, frames } = withSilence(createMp3, ffmpeg('-c:a', 'mp2', '-b:a', ...args, '-f', 'mp2'))
    const heard = decodeMp3('ffmpeg', bytes)
    t.ok(isSilent(heard, frames, BEFORE + 1, BEFORE + SILENT))
    t.notOk(isSilent(heard, frames, BEFORE - 2, BEFORE))
  }
  t.end()
})

await t.test('Layer I: silence is silent', { skip: needs('ffmpeg') }, (t) => {
  const [last = noise(1, 1)] = mpegFrames(1, 1, Buffer.from('ffffc044', 'hex'), 416)
  const { bytes } = silenceAfter(createMp3, last) ?? NOBODY
  const heard = decodeMp3('ffmpeg', Buffer.concat(Array.from({ length: 20 }, () => bytes)))
  t.equal(heard.length, 20 * 384 * 4)
  t.ok(isSilent(heard, 20, 0, 20))
  t.end()
})

const AAC: readonly (readonly string[])[] = [
  ...[1, 2, 4, 5, 6, 8].map((channels) => ['-ac', `${channels}`, '-b:a', `${channels * 64}k`]),
  ['-ar', '48000'],
  ['-ar', '32000', '-ac', '1'],
  ['-profile:a', 'aac_main', '-aac_pred', '1'],
  ['-profile:a', 'aac_ltp', '-aac_ltp', '1', '-strict', '-2'],
]

/** The same frame as MPEG-2 AAC. */
function asMpeg2(adts: Buffer): Buffer {
  for (const { bytes } of runFilter(createAacAdts, [adts]).frames) bytes.writeUInt8((bytes[1] ?? 0) | 0x08, 1)
  return adts
}

for (const args of AAC) {
  for (const standard of ['MPEG-4', 'MPEG-2'] as const) {
    await t.test(`${standard} AAC, ${args.join(' ')}: silence is silent`, { skip: needs('ffmpeg') }, (t) => {
      const adts = ffmpeg('-c:a', 'aac', ...args, '-f', 'adts')
      const { bytes, frames, silent, last } = withSilence(createAacAdts, standard === 'MPEG-2' ? asMpeg2(adts) : adts)
      const heard = decodeAac(bytes)
      t.equal(heard.length % (frames * 1024), 0, 'every frame lasts as long')
      t.ok(isSilent(heard, frames, BEFORE + 1, BEFORE + SILENT))
      t.notOk(isSilent(heard, frames, BEFORE - 2, BEFORE))
      t.notOk(isSilent(heard, frames, BEFORE + SILENT + 2, frames))
      t.equal(silent.durationUs, last.durationUs)
      t.end()
    })
  }
}

await t.test('faad finds nothing wrong with silence in AAC', { skip: needs('ffmpeg', 'faad') }, (t) => {
  for (const args of [
    ['-ac', '2'],
    ['-ac', '6'],
  ]) {
    const { bytes, frames } = withSilence(createAacAdts, ffmpeg('-c:a', 'aac', ...args, '-f', 'adts'))
    const heard = runProgram('faad', ['-q', '-f', '2', '-w', '-'], bytes)
    // It skips the first frame.
    t.ok(isSilent(heard, frames - 1, BEFORE + 1, BEFORE - 1 + SILENT))
    t.notOk(isSilent(heard, frames - 1, BEFORE - 3, BEFORE - 1))
  }
  t.end()
})

await t.test('silence in AAC has no checksum, and one block', (t) => {
  const [last = noise(1, 1)] = adtsFrames(1, 1)
  last.writeUInt8(0xf0, 1)
  last.writeUInt8(0xff, 6)
  const { bytes, durationUs } = silenceAfter(createAacAdts, last) ?? NOBODY
  t.equal(bytes.toString('hex', 0, 3), 'fff150')
  t.equal((bytes[6] ?? 0) & 3, 0)
  t.equal(durationUs, (1024 * 1e6) / 44100)
  t.end()
})

/** A frame of ADTS with a modification. */
function like(change: (frame: Buffer) => void): Buffer {
  const [frame = noise(1, 1)] = adtsFrames(1, 1)
  change(frame)
  return frame
}

await t.test('returns no silence when it has none for the format', (t) => {
  const none = {
    'channels in the frames': like((frame) => frame.writeUInt8((frame[3] ?? 0) & 0x3f, 3)),
    'scalable sampling rate': like((frame) => frame.writeUInt8(0x90, 2)),
    'what may be HE-AAC': like((frame) => frame.writeUInt8(0x58, 2)),
    'another format': noise(400, 1),
    'a piece': like(() => {}).subarray(0, 100),
    nothing: NOBODY.bytes,
  }
  t.ok(
    silenceAfter(
      createAacAdts,
      like(() => {}),
    ),
  )
  for (const [what, last] of Object.entries(none)) t.equal(silenceAfter(createAacAdts, last), undefined, what)
  for (const last of [noise(417, 1), mpegFrames(1, 1)[0]?.subarray(9) ?? noise(1, 1), NOBODY.bytes]) {
    t.equal(silenceAfter(createMp3, last), undefined)
  }
  t.end()
})
