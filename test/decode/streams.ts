import { chain, type Encode, ffmpeg, flac, lame, oggenc, opusenc, sox } from './encode.ts'
import {
  ADTS,
  FLAC,
  type Format,
  LAYER_2,
  MPEG_1,
  MPEG_2,
  OGG_FLAC,
  OPUS,
  VORBIS,
  VORBIS_LINKS,
  WAV,
} from './formats.ts'

/** A stream from a real encoder. */
export interface Stream {
  readonly name: string
  readonly format: Format
  readonly encode: Encode
  /** Hz */
  readonly rate: number
  readonly channels: 1 | 2
  /** Program that encodes it. */
  readonly encoder: string
}

function stream(name: string, format: Format, encode: Encode, rate: number, channels: 1 | 2 = 2): Stream {
  const program = /by (\w+)/.exec(name)?.[1] ?? ''
  return { name, format, encode, rate, channels, encoder: program }
}

/** MPEG-1 Layer III by lame. */
export const MP3_STREAMS: readonly Stream[] = [
  stream('MP3 by lame, CBR 64 mono', MPEG_1, lame(44_100, '-h', '-b', '64', '-a', '-m', 'm'), 44_100, 1),
  stream('MP3 by lame, CBR 128', MPEG_1, lame(44_100, '-b', '128'), 44_100),
  stream('MP3 by lame, CBR 320', MPEG_1, lame(44_100, '-b', '320'), 44_100),
  stream('MP3 by lame, V2', MPEG_1, lame(44_100, '-V', '2'), 44_100),
  stream('MP3 by lame, V6', MPEG_1, lame(44_100, '-V', '6'), 44_100),
  stream('MP3 by lame, ABR 150', MPEG_1, lame(44_100, '--abr', '150'), 44_100),
  stream('MP3 by lame, CRC', MPEG_1, lame(44_100, '-p', '-b', '128'), 44_100),
]

/** MPEG-2 and 2.5, and streams of encoders other than lame. */
export const OTHER_MPEG_STREAMS: readonly Stream[] = [
  stream('MP3 by lame, 24 kHz VBR', MPEG_2, lame(24_000, '-V', '5'), 24_000),
  stream('MP3 by lame, 22.05 kHz', MPEG_2, lame(22_050, '-b', '48'), 22_050),
  stream('MP3 by lame, 16 kHz', MPEG_2, lame(16_000, '-b', '32'), 16_000),
  stream('MP3 by lame, 11.025 kHz', MPEG_2, lame(11_025, '-b', '24'), 11_025),
  stream('MP3 by lame, 8 kHz', MPEG_2, lame(8_000, '-b', '16'), 8_000),
  stream('MP3 by ffmpeg, CBR 128', MPEG_1, ffmpeg(44_100, '-b:a', '128k', '-f', 'mp3'), 44_100),
  stream('MP3 by ffmpeg with libshine', MPEG_1, ffmpeg(44_100, '-c:a', 'libshine', '-f', 'mp3'), 44_100),
  stream('Layer II by ffmpeg', LAYER_2, ffmpeg(44_100, '-c:a', 'mp2', '-b:a', '192k', '-f', 'mp2'), 44_100),
]

/** Encoders choose a random serial number anew each second, and the links of a chain need different ones. */
const opusLinks = chain(opusenc('--max-delay', '100', '--serial', '1'), opusenc('--bitrate', '64', '--serial', '2'))
const vorbisLinks = chain(oggenc(44_100, '--serial', '1'), oggenc(44_100, '-q', '1', '--serial', '2'))

/** Everything but MPEG audio. */
export const OTHER_STREAMS: readonly Stream[] = [
  // Noise substitution is random in every decoder.
  stream('AAC by ffmpeg', ADTS, ffmpeg(44_100, '-c:a', 'aac', '-aac_pns', '0', '-b:a', '128k', '-f', 'adts'), 44_100),
  stream(
    'AAC by ffmpeg, 32 kHz mono',
    ADTS,
    ffmpeg(32_000, '-c:a', 'aac', '-aac_pns', '0', '-b:a', '48k', '-ac', '1', '-f', 'adts'),
    32_000,
    1,
  ),
  stream('Opus by opusenc', OPUS, opusenc('--max-delay', '100'), 48_000),
  stream('Opus by ffmpeg', OPUS, ffmpeg(48_000, '-c:a', 'libopus', '-b:a', '96k', '-f', 'ogg'), 48_000),
  stream('Opus by opusenc, two links', OPUS, opusLinks, 48_000),
  stream('Vorbis by oggenc', VORBIS, oggenc(44_100), 44_100),
  stream('Vorbis by ffmpeg', VORBIS, ffmpeg(44_100, '-c:a', 'libvorbis', '-f', 'ogg'), 44_100),
  stream('Vorbis by oggenc, two links', VORBIS_LINKS, vorbisLinks, 44_100),
  stream('FLAC by flac', FLAC, flac(44_100), 44_100),
  stream('FLAC by ffmpeg', FLAC, ffmpeg(44_100, '-c:a', 'flac', '-f', 'flac'), 44_100),
  stream('FLAC in Ogg by flac', OGG_FLAC, flac(44_100, '--ogg'), 44_100),
  stream('FLAC in Ogg by ffmpeg', OGG_FLAC, ffmpeg(44_100, '-c:a', 'flac', '-f', 'ogg'), 44_100),
  stream('WAV by sox', WAV, sox(44_100, '-t', 'wav'), 44_100),
  stream('WAV by ffmpeg, 24 bit', WAV, ffmpeg(44_100, '-c:a', 'pcm_s24le', '-f', 'wav'), 44_100),
]
