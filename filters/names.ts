/** Descriptions in one line. */
const HELPS = {
  auto: 'detects mp3, aac-adts, wav, ogg and flac by the first bytes; otherwise raw',
  raw: 'any bytes, in frames of -frame-bytes',
  mp3: 'MPEG audio: MP3, and Layers I and II',
  'aac-adts': 'AAC in ADTS frames',
  wav: 'RIFF, RF64, RIFX, Wave64, AIFF, AU; listeners receive endless WAV',
  ogg: 'pages of Ogg: Opus, Vorbis, FLAC',
  flac: 'FLAC, not in Ogg',
} as const

/** Name of a built-in filter, for `-frame-filter`. */
export type FilterName = keyof typeof HELPS

/** Descriptions of all built-in filters, by their names. */
export const filterHelps: ReadonlyMap<string, string> = new Map(Object.entries(HELPS))

/** Names of all built-in filters. */
export const filterNames: readonly string[] = [...filterHelps.keys()]

/** @returns whether this is the path of a file: a name of ours has neither a slash nor an ending. */
export function isFilterFile(nameOrPath: string): boolean {
  return nameOrPath.includes('/') || /.\.m?js$/.test(nameOrPath)
}
