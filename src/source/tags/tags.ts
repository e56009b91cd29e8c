/** Tags of a file. */
export interface Tags {
  /** Empty when missing. */
  readonly title: string
  readonly artists: readonly string[]
}

/** Maximum number of artists of one track. */
export const MAX_ARTISTS = 20
/** Maximum number of bytes of one text; a longer one is cut. */
export const MAX_TEXT_BYTES = 4096

/** Splits a text with several values at zero characters (ID3v2.4 section 4.2, APEv2). */
export function valuesOf(text: string): string[] {
  return text
    .split('\0', MAX_ARTISTS)
    .map((value) => value.trim())
    .filter((value) => value !== '')
}
