import { RefusedValue } from '../../text/refused-value.ts'

/** Maximum length of a stream's path, in bytes of UTF-8: much longer ones are refused by players and proxies. */
const MAX_BYTES = 1024

/**
 * Reads the path of a section: `[/cd]` is a stream, `[/towers/]` a directory of FIFOs, `[/guests/*]` every published path
 * below.
 * @throws RefusedValue
 */
export function sectionPath(line: string): string {
  const [, path] = /^\[(.*)\]$/.exec(line) ?? []
  if (path === undefined) throw new RefusedValue('a section is written [/path]')
  if (!path.startsWith('/')) throw new RefusedValue('the path of a section begins with a slash')
  if (Buffer.byteLength(path) > MAX_BYTES) throw new RefusedValue(`the path is longer than ${MAX_BYTES} bytes`)
  if (/\p{Cc}/u.test(path)) throw new RefusedValue('the path has a control character')
  const segments = path.slice(1).split('/')
  const names = segments.slice(0, -1)
  if (names.includes('')) throw new RefusedValue('the path has an empty segment')
  if (segments.some((name) => name === '.' || name === '..')) throw new RefusedValue('the path has a segment . or ..')
  if (names.some((name) => name.includes('*')) || /.\*|\*./.test(segments.at(-1) ?? '')) {
    throw new RefusedValue('* can only be the whole last segment, as in [/guests/*]')
  }
  return path
}
