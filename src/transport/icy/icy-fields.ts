import type { RingView } from '../../../filters/frame-filter.ts'
import type { About } from '../../plan/stream-plan.ts'
import { kbpsOf } from '../../stream/bit-rate.ts'
import type { RequestHead } from '../http/request-head.ts'
import { ICY_INTERVAL } from './icy-block.ts'

/** Frames whose total bytes and duration (in microseconds) give the bit rate. */
interface Measured extends RingView {
  readonly bytes: number
  readonly us: number
}

/**
 * Whether a player requests titles between the bytes. All other players would play them as sound. Some players send the field
 * twice.
 */
export function asksForTitles({ headers }: RequestHead): boolean {
  return (headers.get('icy-metadata') ?? '').split(',').some((value) => value.trim() === '1')
}

/**
 * The `icy-*` fields of a response. As with Icecast, all clients get the description of the station; only clients that request
 * titles get the interval of titles and the bit rate. A script of another origin may read only the fields that are named.
 */
export function icyFields(about: About, ring: Measured, titled: boolean): Record<string, string | undefined> {
  const fields = {
    'icy-name': about.name,
    'icy-description': about.description,
    'icy-genre': about.genre,
    'icy-url': about.url,
    'icy-br': titled ? kbpsOf(ring)?.toString() : undefined,
    'icy-metaint': titled ? String(ICY_INTERVAL) : undefined,
  }
  const names = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  return { ...fields, 'Access-Control-Expose-Headers': names.length > 0 ? names.join(', ') : undefined }
}
