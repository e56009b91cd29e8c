import type { About } from '../../plan/stream-plan.ts'

/** Name of a stream at `/` when the station has no name. */
const NAMELESS = 'Live'

/** Returns the name of a stream on its page, and that of the station above it; empty: it is the same, or there is none. */
export function streamNames(path: string, { name }: About): { readonly name: string; readonly station: string } {
  return path === '/' ? { name: name ?? NAMELESS, station: '' } : { name: path.slice(1), station: name ?? '' }
}
