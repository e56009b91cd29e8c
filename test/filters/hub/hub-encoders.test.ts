import t from 'tap'
import { createAacAdts } from '../../../filters/aac/adts.ts'
import { createAuto } from '../../../filters/auto/auto.ts'
import { createFlac } from '../../../filters/flac/flac.ts'
import type { CreateFilter } from '../../../filters/frame-filter.ts'
import { createHubFilter } from '../../../filters/hub/hub-filter.ts'
import { encodeMessage, type HubMessage } from '../../../filters/hub/message.ts'
import { createMp3 } from '../../../filters/mpeg/mp3.ts'
import { createOgg } from '../../../filters/ogg/ogg.ts'
import { createWav } from '../../../filters/wav/wav.ts'
import { Ring } from '../../../src/ring/ring.ts'
import { needs } from '../../programs.ts'
import { ffmpeg, lame } from '../encoded.ts'
import { complaints, encode, type Framed, framed, framesFrom, joinAt } from '../ogg/encoded-ogg.ts'
import { DEFAULTS } from '../run-filter.ts'
import { type Decoder, FFMPEG, FFMPEG_WAV, FLAC, MPG123, OGG, OPUS } from './decoders.ts'
import { messagesOf } from './messages-of.ts'

interface Format {
  readonly name: string
  readonly create: CreateFilter
  readonly make: () => Buffer
  readonly decoders: readonly Decoder[]
  /** Frames of one message. */
  readonly count: number
  /** What the decoders say of every stream with a link that ends early. */
  readonly isSame: 'bytes' | 'sound'
}

const FORMATS: ReadonlyMap<string, Format> = new Map<string, Format>([
  [
    'mp3',
    {
      name: 'mp3',
      create: createMp3,
      make: () => lame('-b', '128'),
      decoders: [FFMPEG, MPG123],
      count: 4,
      isSame: 'bytes',
    },
  ],
  [
    'mp3 of various bit rates',
    {
      name: 'mp3',
      create: createMp3,
      make: () => lame('-V', '4'),
      decoders: [FFMPEG, MPG123],
      count: 4,
      isSame: 'bytes',
    },
  ],
  [
    'mp3, MPEG-2, mono',
    {
      name: 'mp3',
      create: createMp3,
      make: () => lame('-m', 'm', '--resample', '22.05', '-b', '24'),
      decoders: [FFMPEG, MPG123],
      count: 3,
      isSame: 'bytes',
    },
  ],
  [
    'aac',
    {
      name: 'aac-adts',
      create: createAacAdts,
      make: () => ffmpeg('-c:a', 'aac', '-f', 'adts'),
      decoders: [FFMPEG],
      count: 4,
      isSame: 'bytes',
    },
  ],
  [
    'flac',
    {
      name: 'flac',
      create: createFlac,
      make: () => encode('flac', 3),
      decoders: [FFMPEG, FLAC],
      count: 4,
      isSame: 'sound',
    },
  ],
  [
    'flac by ffmpeg',
    {
      name: 'flac',
      create: createFlac,
      make: () => ffmpeg('-c:a', 'flac', '-f', 'flac'),
      decoders: [FFMPEG, FLAC],
      count: 4,
      isSame: 'sound',
    },
  ],
  [
    'opus',
    {
      name: 'ogg',
      create: createOgg,
      make: () => encode('opusenc', 3, '--max-delay', '40', '--comment', 'TITLE=A'),
      decoders: [FFMPEG, OPUS],
      count: 4,
      isSame: 'sound',
    },
  ],
  [
    'vorbis',
    {
      name: 'ogg',
      create: createOgg,
      make: () => encode('oggenc', 3),
      decoders: [FFMPEG, OGG],
      count: 1,
      isSame: 'sound',
    },
  ],
  [
    'flac in Ogg',
    {
      name: 'ogg',
      create: createOgg,
      make: () => encode('flac', 3, '--ogg', '-b', '1152'),
      decoders: [FFMPEG],
      count: 4,
      isSame: 'sound',
    },
  ],
  [
    'wav',
    {
      name: 'wav',
      create: createWav,
      make: () => ffmpeg('-f', 'wav'),
      decoders: [FFMPEG_WAV],
      count: 7,
      isSame: 'bytes',
    },
  ],
])

/** Reads messages as one opening of an edge, behind the frames that its ring has. */
function open(ring: Ring, messages: readonly HubMessage[]): Framed {
  const filter = createHubFilter(createAuto)({ ...DEFAULTS, ring })
  for (const message of messages) filter.push(encodeMessage(message), (frame) => ring.push(frame))
  return { ring, filter }
}

function framesAt(ring: Ring, from: number) {
  return Array.from({ length: ring.next - from }, (_, i) => {
    const { bytes, durationUs } = ring.at(from + i) ?? { bytes: Buffer.alloc(0), durationUs: 0 }
    return { bytes: bytes.toString('base64'), durationUs }
  })
}

const skip = needs('lame', 'ffmpeg', 'mpg123', 'flac', 'opusenc', 'opusdec', 'oggenc', 'oggdec')

for (const [title, { name, create, make, decoders, count, isSame }] of FORMATS) {
  await t.test(`${title}: an edge has the frames of the origin, from any message with a key on`, { skip }, (t) => {
    const origin = framed(create, make())
    const messages = messagesOf({ ...origin, name, count })
    const starts = messages.flatMap(({ key }, i) => (key === undefined || key.preamble === null ? [] : [i]))
    t.ok(starts.length > messages.length / 3, `${starts.length} of ${messages.length}`)
    for (const from of starts) {
      const edge = open(new Ring({ frames: 100_000 }), messages.slice(from))
      const { filter, ring } = edge
      const seq = messages[from]?.seq ?? 0
      const extra = ring.next - (origin.ring.next - seq)
      const problems = [filter.refusal, filter.complaint, filter.skippedBytes || undefined].filter(
        (one) => one !== undefined,
      )
      t.same(problems, [], `message ${from}`)
      t.strictSame(framesAt(ring, extra), framesAt(origin.ring, seq), `message ${from}: frames`)
      t.equal(filter.mark?.seq, seq - extra)
      t.equal(filter.format, origin.filter.format)
      t.equal(filter.contentType, origin.filter.contentType)
      t.equal(filter.numbering, origin.filter.numbering)
      if (from === 0) t.equal(extra, 0)
    }
    t.end()
  })

  await t.test(`${title}: listeners of an edge that has begun in the middle decode without a word`, { skip }, (t) => {
    const origin = framed(create, make())
    const messages = messagesOf({ ...origin, name, count })
    const from = messages.findIndex(
      ({ key }, i) => i > messages.length / 3 && key !== undefined && key.preamble !== null,
    )
    const edge = open(new Ring({ frames: 100_000 }), messages.slice(from))
    const { ring } = edge
    const starts = [0, 1, 2, 3, 5, 8, ring.next >> 1, ring.next - 12]
    const joins = starts.filter((at) => at >= 0).flatMap((at) => joinAt(edge, at) ?? [])
    t.ok(joins.length >= 3)
    for (const heard of joins) for (const decoder of decoders) t.equal(complaints(heard, ...decoder), '', decoder[0])
    t.end()
  })

  await t.test(`${title}: an opening behind a gap goes on for listeners without a word`, { skip }, (t) => {
    const origin = framed(create, make())
    const messages = messagesOf({ ...origin, name, count })
    const third = Math.floor(messages.length / 3)
    const behind = messages.findIndex(({ key }, i) => i > 2 * third && key !== undefined && key.preamble !== null)
    const ring = new Ring({ frames: 100_000 })
    const first = open(ring, messages.slice(0, third))
    const before = ring.next
    const second = open(ring, messages.slice(behind))
    t.equal(second.filter.refusal, undefined)
    const extra = ring.next - before - (origin.ring.next - (messages[behind]?.seq ?? 0))
    if (isSame === 'bytes')
      t.strictSame(framesAt(ring, before + extra), framesAt(origin.ring, messages[behind]?.seq ?? 0))
    const heard = Buffer.concat([first.filter.preamble?.(0, ring, true) ?? Buffer.alloc(0), framesFrom(ring, 0)])
    for (const decoder of decoders) t.equal(complaints(heard, ...decoder), '', decoder[0])
    const joined = joinAt({ ring, filter: second.filter }, ring.next - 12)
    if (joined !== undefined) for (const decoder of decoders) t.equal(complaints(joined, ...decoder), '', decoder[0])
    t.end()
  })
}
