import { encodePath } from '../../stream/encode-path.ts'

/** Maximum number of paths in the list: more do not fit a terminal. */
const MOST_PATHS = 20

/** Returns the text of a 404 on one line, with the paths of the streams that there are. @param paths decoded */
export function streamList(paths: Iterable<string>): string {
  const all = [...paths]
  if (all.length === 0) return 'there is no stream at this path'
  const named = all.slice(0, MOST_PATHS).map(encodePath).join(', ')
  const more = all.length > MOST_PATHS ? ` and ${all.length - MOST_PATHS} more` : ''
  return `there is no stream at this path; streams: ${named}${more}`
}
