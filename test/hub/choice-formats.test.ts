import t, { type Test } from 'tap'
import { createAuto } from '../../filters/auto/auto.ts'
import type { FrameFilter } from '../../filters/frame-filter.ts'
import { createHubFilter } from '../../filters/hub/hub-filter.ts'
import { encodeMessage, type HubMessage } from '../../filters/hub/message.ts'
import { FILTERS } from '../../filters/table.ts'
import { OriginChoice } from '../../src/hub/edge/origin-choice.ts'
import { Ring } from '../../src/ring/ring.ts'
import { ffmpeg, lame } from '../filters/encoded.ts'
import { type Decoder, FFMPEG, FFMPEG_WAV, FLAC, MPG123, OGG, OPUS } from '../filters/hub/decoders.ts'
import { messagesOf } from '../filters/hub/messages-of.ts'
import { complaints, encode, framed, framesFrom, joinAt } from '../filters/ogg/encoded-ogg.ts'
import { DEFAULTS } from '../filters/run-filter.ts'
import { createManualClock } from '../manual-clock.ts'
import { needs } from '../programs.ts'

interface Format {
  readonly name: string
  /** Encodes the same sound, each time into other frames. */
  readonly make: readonly [() => Buffer, () => Buffer]
  readonly decoders: readonly Decoder[]
  /** Frames of a message. */
  readonly count: number
}

const FORMATS: ReadonlyMap<string, Format> = new Map([
  [
    'mp3',
    {
      name: 'mp3',
      make: [() => lame('-b', '128'), () => lame('-b', '128', '-m', 's')],
      decoders: [FFMPEG, MPG123],
      count: 4,
    },
  ],
  [
    'mp3, MPEG-2, mono',
    {
      name: 'mp3',
      make: [
        () => lame('-m', 'm', '--resample', '22.05', '-b', '24'),
        () => lame('-m', 'm', '--resample', '22.05', '-b', '24', '-q', '9'),
      ],
      decoders: [FFMPEG, MPG123],
      count: 4,
    },
  ],
  [
    'aac',
    {
      name: 'aac-adts',
      make: [
        () => ffmpeg('-c:a', 'aac', '-b:a', '128k', '-f', 'adts'),
        () => ffmpeg('-c:a', 'aac', '-b:a', '96k', '-f', 'adts'),
      ],
      decoders: [FFMPEG],
      count: 4,
    },
  ],
  [
    'flac',
    {
      name: 'flac',
      make: [() => encode('flac', 3, '-5'), () => encode('flac', 3, '-3', '-b', '4096')],
      decoders: [FFMPEG, FLAC],
      count: 1,
    },
  ],
  [
    'opus',
    {
      name: 'ogg',
      make: [
        () => encode('opusenc', 3, '--max-delay', '40', '--bitrate', '96'),
        () => encode('opusenc', 3, '--max-delay', '40', '--bitrate', '64'),
      ],
      decoders: [FFMPEG, OPUS],
      count: 4,
    },
  ],
  [
    'vorbis',
    {
      name: 'ogg',
      make: [() => encode('oggenc', 3, '-q', '4'), () => encode('oggenc', 3, '-q', '4', '-s', '7')],
      decoders: [FFMPEG, OGG],
      count: 1,
    },
  ],
  [
    'wav',
    {
      name: 'wav',
      make: [() => ffmpeg('-f', 'wav'), () => ffmpeg('-af', 'volume=0.5', '-f', 'wav')],
      decoders: [FFMPEG_WAV],
      count: 20,
    },
  ],
])

/** Time at which an origin fails, or a message is lost, in milliseconds. */
const FAULT_MS = 1_000
const KEY_EVERY_US = 2_000_000

function withoutKey(message: HubMessage): HubMessage {
  return { ...message, key: undefined }
}

/** Makes the messages of an origin, with keys as origins send them. */
function sent({ name, count }: Format, bytes: Buffer, epoch: string): HubMessage[] {
  const create = FILTERS.get(name)
  if (create === undefined) throw new Error(name)
  let keyUs = Number.NEGATIVE_INFINITY
  return messagesOf({ ...framed(create, bytes), name, count, epoch }).map((message) => {
    const isDue = message.us - keyUs >= KEY_EVERY_US && (message.key?.preamble ?? null) !== null
    if (isDue) keyUs = message.us
    return isDue ? message : withoutKey(message)
  })
}

/** Time at which a message is sent, in milliseconds: when its sound has been. */
function timeOf({ us, frames }: HubMessage): number {
  return (us + frames.reduce((sum, { durationUs }) => sum + durationUs, 0)) / 1000
}

/** Plays the messages of origins to an edge. @returns its ring, and the filters of its openings */
async function hear(t: Pick<Test, 'equal'>, origins: ReadonlyMap<string, readonly HubMessage[]>) {
  const clock = createManualClock()
  const ring = new Ring({ frames: 100_000 })
  const openings: { readonly filter: FrameFilter; readonly from: number }[] = []
  const choice = new OriginChoice(
    {
      frames(payload, begins) {
        if (begins) openings.push({ filter: createHubFilter(createAuto)({ ...DEFAULTS, ring }), from: ring.next })
        const filter = openings.at(-1)?.filter
        filter?.push(payload, (frame) => ring.push(frame))
        t.equal(filter?.refusal, undefined)
      },
      askAgain() {},
    },
    clock,
  )
  for (const [name, messages] of origins) {
    for (const message of messages) {
      clock.after(timeOf(message), () => choice.take(name, message, encodeMessage(message)))
    }
  }
  await clock.advance(8_000)
  choice.close()
  return { ring, openings, choice }
}

/** Checks what a listener of the whole stream gets, and one that joins at its end. */
function decode(t: Test, { decoders }: Format, { ring, openings }: Awaited<ReturnType<typeof hear>>): void {
  const [first] = openings
  const heard = Buffer.concat([first?.filter.preamble?.(0, ring, true) ?? Buffer.alloc(0), framesFrom(ring, 0)])
  for (const decoder of decoders) t.equal(complaints(heard, ...decoder), '', decoder[0])
  const { filter } = openings.at(-1) ?? {}
  const joined = filter && joinAt({ ring, filter }, ring.next - 8)
  if (joined !== undefined) for (const decoder of decoders) t.equal(complaints(joined, ...decoder), '', decoder[0])
}

const skip = needs('lame', 'ffmpeg', 'mpg123', 'flac', 'opusenc', 'opusdec', 'oggenc', 'oggdec')

for (const [title, format] of FORMATS) {
  const [make, makeOther] = format.make
  await t.test(
    `${title}: another origin with other frames is heard without a word of decoders`,
    { skip },
    async (t) => {
      const one = sent(format, make(), '0000000000aa')
      const other = sent(format, makeOther(), '0000000000bb')
      const dead = one.filter((message) => timeOf(message) <= FAULT_MS)
      const heard = await hear(
        t,
        new Map([
          ['a', dead],
          ['b', other],
        ]),
      )
      t.equal(heard.openings.length, 2)
      t.equal(heard.choice.counters.changes, 1)
      const [, second] = heard.openings
      const ownFrames = dead.reduce((sum, { frames }) => sum + frames.length, 0)
      const extra = ownFrames - (second?.from ?? 0)
      t.equal(extra, 0, 'all of the first')
      const wanted = other.flatMap(({ frames }) => frames.map(({ bytes }) => bytes)).at(-1)
      if (format.name !== 'flac' && format.name !== 'ogg')
        t.strictSame(heard.ring.at(heard.ring.next - 1)?.bytes, wanted, 'up to the last frame of the other')
      const soundUs = second?.filter.mark?.us ?? 0
      t.ok(soundUs / 1000 <= FAULT_MS + 250, `it begins at ${soundUs} us`)
      decode(t, format, heard)
    },
  )

  await t.test(
    `${title}: another origin with the same frames is heard without a word of decoders`,
    { skip },
    async (t) => {
      const bytes = make()
      const one = sent(format, bytes, '0000000000aa')
      const other = sent(format, bytes, '0000000000bb')
      const heard = await hear(
        t,
        new Map([
          ['a', one.filter((message) => timeOf(message) <= FAULT_MS)],
          ['b', other],
        ]),
      )
      const origin = Buffer.concat(other.flatMap(({ frames }) => frames.map(({ bytes: frame }) => frame)))
      t.ok(framesFrom(heard.ring, 0).equals(origin), 'byte by byte')
      decode(t, format, heard)
    },
  )

  await t.test(`${title}: frames that no one has are left out without a word of decoders`, { skip }, async (t) => {
    const one = sent(format, make(), '0000000000aa')
    const at = one.findIndex((message) => timeOf(message) > FAULT_MS)
    const heard = await hear(t, new Map([['a', one.filter((_, i) => i !== at)]]))
    t.equal(heard.openings.length, 2)
    t.equal(heard.choice.counters.lost, one[at]?.frames.length)
    decode(t, format, heard)
  })
}
