/** Maximum length of a title or a name, in characters; a longer one is cut. */
const MAX_LENGTH = 300

/** Replaces control characters and line ends of any kind by blanks, and cuts a long text. @param text undefined: empty */
export function inOneLine(text: string | undefined): string {
  const line = (text ?? '').replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return new RegExp(`^.{0,${MAX_LENGTH}}`, 'u').exec(line)?.[0] ?? ''
}
