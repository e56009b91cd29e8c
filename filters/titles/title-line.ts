/** Maximum length of a title, in characters; a longer one is cut. */
const MAX_LENGTH = 300
/** Maximum number of bytes read of a text: a character has at most four. */
const MAX_BYTES = MAX_LENGTH * 4

/** Returns the title that is playing, in one line: `Artist - Title`, or the one that is present. */
export function titleLine(artist: string, title: string): string {
  return oneLine(artist === '' || title === '' ? artist + title : `${artist} - ${title}`)
}

/** Returns the UTF-8 text of a tag as one line; invalid bytes are replaced. */
export function lineOfUtf8(bytes: Buffer): string {
  // With `stream`, an incomplete character at the cut is dropped.
  return oneLine(new TextDecoder().decode(bytes.subarray(0, MAX_BYTES), { stream: bytes.length > MAX_BYTES }))
}

/** Removes control characters and line ends of any kind. */
function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return Array.from(line.slice(0, 2 * MAX_LENGTH))
    .slice(0, MAX_LENGTH)
    .join('')
    .trim()
}
