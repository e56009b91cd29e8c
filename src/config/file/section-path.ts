import { RefusedValue } from '../../text/refused-value.ts'
import { faultOfPath } from '../../text/stream-path.ts'

/**
 * Reads the path of a section: `[/cd]` is a stream, `[/towers/]` a directory of FIFOs, `[/guests/*]` every published path
 * below.
 * @throws RefusedValue
 */
export function sectionPath(line: string): string {
  const [, path] = /^\[(.*)\]$/.exec(line) ?? []
  if (path === undefined) throw new RefusedValue('a section is written [/path]')
  if (!path.startsWith('/')) throw new RefusedValue('the path of a section begins with a slash')
  const fault = faultOfPath(path)
  if (fault !== undefined) throw new RefusedValue(`the path ${fault}`)
  const segments = path.slice(1).split('/')
  const names = segments.slice(0, -1)
  if (names.some((name) => name.includes('*')) || /.\*|\*./.test(segments.at(-1) ?? '')) {
    throw new RefusedValue('* can only be the whole last segment, as in [/guests/*]')
  }
  return path
}
