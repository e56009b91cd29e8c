/** What a file's tags say of it. */
export interface Tags {
  /** Empty: not said. */
  readonly title: string
  readonly artists: readonly string[]
}

/** Maximum artists of one track that are named. */
export const MAX_ARTISTS = 20
/** Maximum bytes of one text that are read: a longer one is cut. */
export const MAX_TEXT_BYTES = 4096

/** The values of a text that may have several, which a zero character separates (ID3v2.4 section 4.2, APEv2). */
export function valuesOf(text: string): string[] {
  return text
    .split('\0', MAX_ARTISTS)
    .map((value) => value.trim())
    .filter((value) => value !== '')
}
