import t from 'tap'
import { parsePcmFormat } from '../../filters/pcm-format.ts'
import { formatText } from '../../src/stream/format-text.ts'

t.test('names formats as listeners know them', async (t) => {
  const told = {
    'MPEG-1 Layer III, 44100 Hz, joint stereo, 128 kbit/s': 'MP3, 128 kbit/s, 44.1 kHz, stereo',
    'MPEG-2.5 Layer III, 8000 Hz, mono, about 16 kbit/s': 'MP3, about 16 kbit/s, 8 kHz, mono',
    'MPEG-4 AAC LC, 48000 Hz, stereo, about 96 kbit/s': 'AAC, about 96 kbit/s, 48 kHz, stereo',
    'Ogg Opus, 48000 Hz, stereo': 'Ogg Opus, 48 kHz, stereo',
    'FLAC, 16 bit, 44100 Hz, stereo': 'FLAC, 16 bit, 44.1 kHz, stereo',
  }
  for (const [format, text] of Object.entries(told)) t.equal(formatText(format, undefined), text)
})

t.test('names samples by their format', async (t) => {
  t.equal(formatText(undefined, parsePcmFormat('cd')), 'PCM, 16 bit, 44.1 kHz, stereo')
  t.equal(formatText('whatever', parsePcmFormat('mulaw:8000:1')), 'PCM, µ-law, 8 kHz, mono')
})

t.test('returns nothing without a description', async (t) => {
  t.equal(formatText(undefined, undefined), '')
})
