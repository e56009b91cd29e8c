/** What a file holds, as far as its first bytes show. */
export interface Sound {
  /** Equal for files that may follow one another: codec, rate, channels. */
  readonly format: string
  /** The format for people, such as `MP3, 44.1 kHz, stereo`. */
  readonly name: string
  /** Estimated length, in seconds. */
  readonly seconds: number
}

/**
 * Result of looking at a file: its sound; `none` when it holds no sound of a known format; `unclear` when that does not show in
 * the bytes that are looked at, so that only playing it would show.
 */
export type Finding = Sound | 'none' | 'unclear'

/** Looks at the first bytes of a file. @throws what the system says of a file that cannot be read */
export type Examine = (path: string) => Promise<Finding>
