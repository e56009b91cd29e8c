/** Levels of a channel over the last second, in dBFS. A sine wave at full scale has a peak of 0 and an RMS of -3. */
export interface ChannelLevel {
  readonly peak: number
  readonly rms: number
}

/** Level of digital silence, and of anything quieter, in dBFS: the range of 24 bits. JSON has no infinity. */
const LOWEST_DBFS = -144

/** Returns the level of an amplitude, which is a part of full scale, in dBFS. */
export function dbfs(amplitude: number): number {
  return Math.max(LOWEST_DBFS, 20 * Math.log10(amplitude))
}
