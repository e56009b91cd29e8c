/** Maximum length of a password line, in bytes. */
const MAX_LINE_BYTES = 256

/** A method and a blank, or a protocol and its version at the end: a request line, even if it is not valid. */
const REQUEST = /^(?:CONNECT|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PRI|PROXY|PUT|TRACE) | [A-Z]+\/\d(?:\.\d)?$/
const CONTROL = /\p{Cc}/u

/** What SHOUTcast 1 has in its first line. */
export interface NamedPassword {
  readonly password: string
  /** Undefined: the client names none. */
  readonly path: string | undefined
}

/**
 * Whether the first line of a connection is a password, as SHOUTcast 1 has it, or the request line of Icecast 1, which has a
 * password in it.
 * @param line without its end, each byte a character
 */
export function isShoutcastLine(line: string): boolean {
  return line.length <= MAX_LINE_BYTES && !REQUEST.test(line) && !CONTROL.test(line.replaceAll('\t', ' '))
}

/** Splits `password:/path` at the last `:/`. */
export function splitPassword(text: string): NamedPassword {
  const at = text.lastIndexOf(':/')
  return at < 0 ? { password: text, path: undefined } : { password: text.slice(0, at), path: text.slice(at + 1) }
}
