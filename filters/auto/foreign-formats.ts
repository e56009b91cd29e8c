/**
 * Formats that streamserve cannot send to listeners, detected by their first bytes. A container has one header for all frames, and
 * only that header describes them, so a listener that joins in the middle cannot decode them.
 */

/** Number of bytes that identify all of them. */
export const FOREIGN_HEAD_BYTES = 12

/** A format and the bytes at the start of its files, or `at` bytes from there, in Latin-1. */
interface ForeignFormat {
  readonly name: string
  readonly magic: readonly string[]
  readonly at?: number
}

const FOREIGN: readonly ForeignFormat[] = [
  { name: 'Matroska or WebM', magic: ['\x1aE\xdf\xa3'] },
  { name: 'MP4 (M4A, MOV)', magic: ['ftyp', 'styp', 'moov', 'moof', 'mdat'], at: 4 },
  { name: 'FLV', magic: ['FLV\x01'] },
  { name: 'ASF (WMA, WMV)', magic: ['0&\xb2u\x8ef\xcf\x11'] },
  { name: 'AAC in ADIF', magic: ['ADIF'] },
  { name: 'an MPEG program stream', magic: ['\0\0\x01\xba'] },
  { name: 'FLAC that does not begin with STREAMINFO', magic: ['fLaC'] },
  { name: 'RIFF that is not WAV (AVI and others)', magic: ['RIFF'] },
  { name: 'IFF of 8 bits', magic: ['8SVX'], at: 8 },
  { name: 'CAF', magic: ['caff\0\x01', 'caff\0\x02'] },
  { name: 'AMR', magic: ['#!AMR'] },
  { name: 'MIDI', magic: ['MThd\0\0\0\x06'] },
  { name: 'WavPack', magic: ['wvpk'] },
  { name: "Monkey's Audio", magic: monkeysAudioHeads() },
  { name: 'Musepack', magic: ['MPCK', 'MP+\x07', 'MP+\x17'] },
  { name: 'TTA', magic: ['TTA1', 'TTA2'] },
  { name: 'DSD', magic: ['DSD \x1c\0\0\0', 'FRM8\0\0\0\0'] },
  { name: 'RealMedia', magic: ['.RMF\0\0\0'] },
]

/**
 * @param head the first 12 bytes of a stream that is of none of the formats that are played.
 * @returns why it cannot be played, in one line; undefined when it is not one of these formats.
 */
export function foreignRefusal(head: Buffer): string | undefined {
  const start = head.toString('latin1', 0, FOREIGN_HEAD_BYTES)
  const format = FOREIGN.find(({ magic, at = 0 }) => magic.some((bytes) => start.startsWith(bytes, at)))
  return format && joinRefusal(format.name)
}

/** `MAC ` and a version in 16 bits, from 3.80 on. All later versions call themselves 3.99. */
function monkeysAudioHeads(): string[] {
  return Array.from({ length: 200 }, (_, i) => `MAC ${String.fromCharCode((3800 + i) & 0xff, (3800 + i) >> 8)}`)
}

/** Returns the reason and a remedy, for a format of this name. */
export function joinRefusal(name: string): string {
  return `${name} cannot be joined in the middle by players; make it MP3 (ffmpeg: -f mp3), or send it unchanged (-frame-filter raw)`
}
