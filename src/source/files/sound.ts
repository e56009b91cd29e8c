/** Content of a file, as far as its first bytes show. */
export interface Sound {
  /** Equal for files that may follow one another: codec, rate, channels. */
  readonly format: string
  /** Display name of the format, such as `MP3, 44.1 kHz, stereo`. */
  readonly name: string
  /** Estimated length, in seconds. */
  readonly seconds: number
}

/**
 * Result of examining a file: its sound; `none` when it holds no sound of a known format; `unclear` when the examined bytes do
 * not show that, and only playing the file would.
 */
export type Finding = Sound | 'none' | 'unclear'

/** Examines the first bytes of a file. @throws the system's error when the file cannot be read */
export type Examine = (path: string) => Promise<Finding>
