/** A longer title is cut, in characters. */
const MAX_LENGTH = 300
/** Bytes of a text that are read: a character has at most four. */
const MAX_BYTES = MAX_LENGTH * 4

/** Returns the title that is playing, in one line: `Artist - Title`, or the one that is present. */
export function titleLine(artist: string, title: string): string {
  return oneLine(artist === '' || title === '' ? artist + title : `${artist} - ${title}`)
}

/** A text of a tag in UTF-8, as one line; bytes that are none are replaced. */
export function lineOfUtf8(bytes: Buffer): string {
  // What is cut off in the middle of a character leaves no trace of it.
  return oneLine(new TextDecoder().decode(bytes.subarray(0, MAX_BYTES), { stream: bytes.length > MAX_BYTES }))
}

/** Without control characters and line ends of any kind. */
function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return Array.from(line.slice(0, 2 * MAX_LENGTH))
    .slice(0, MAX_LENGTH)
    .join('')
    .trim()
}
