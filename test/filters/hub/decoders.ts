/** Words that decode a stream and print every complaint; `@` is a file of it. */
export type Decoder = readonly [program: string, ...args: string[]]

/** From a pipe, because ffmpeg remarks on files without an end. */
export const FFMPEG: Decoder = ['ffmpeg', '-v', 'warning', '-i', '-', '-f', 's16le', '-']
/** Of WAV without an end it warns always. */
export const FFMPEG_WAV: Decoder = ['ffmpeg', '-v', 'error', '-i', '-', '-f', 's16le', '-']
export const MPG123: Decoder = ['mpg123', '-q', '-s', '@']
export const FLAC: Decoder = ['flac', '-s', '-t', '@']
export const OPUS: Decoder = ['opusdec', '--quiet', '@', '/dev/null']
export const OGG: Decoder = ['oggdec', '-Q', '-o', '/dev/null', '@']
