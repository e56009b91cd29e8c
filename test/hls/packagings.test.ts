import t from 'tap'
import { type PcmFormat, pcmFormat } from '../../filters/pcm-format.ts'
import { packagingOf } from '../../src/hls/packagings.ts'
import { mpegFrames } from '../filters/made-up.ts'

const NOTHING = Buffer.alloc(0)
/** Header of MPEG-1 Layer II, 44.1 kHz, 192 kbit/s. */
const LAYER_2 = Buffer.from('fffda004', 'hex')
const CD = pcmFormat('s16le', 44_100, 2)

function beginning(contentType: string, first: Buffer, samples?: PcmFormat) {
  const format = { contentType, name: contentType, description: undefined, numbering: undefined, samples, isRaw: false }
  return { format, preamble: NOTHING, first }
}

async function reasonFor(...parts: Parameters<typeof beginning>): Promise<string | undefined> {
  const packaging = await packagingOf(beginning(...parts))
  return 'reason' in packaging ? packaging.reason : undefined
}

t.test('formats without segments say what would be right', async (t) => {
  const remedy = /an encoder in the source, such as ffmpeg or lame/
  const reasons = [
    await reasonFor('audio/wav', NOTHING, CD),
    await reasonFor('audio/ogg; codecs=vorbis', NOTHING),
    await reasonFor('application/ogg', NOTHING),
    await reasonFor('audio/mpeg', LAYER_2),
  ]
  for (const reason of reasons) t.match(reason, remedy)
  t.match(reasons[0], /no segments of samples/)
  t.match(reasons[1], /no segments of audio\/ogg; codecs=vorbis/)
})

t.test('MP3 has segments, and a format whose headers are missing has none', async (t) => {
  const [frame = NOTHING] = mpegFrames(1, 1)
  t.equal(await reasonFor('audio/mpeg', frame), undefined)
  for (const type of ['audio/flac', 'audio/ogg; codecs=flac', 'audio/ogg; codecs=opus']) {
    t.match(await reasonFor(type, NOTHING), /no segments of/)
  }
})
