import type { RingView } from '../../filters/frame-filter.ts'
import { ICY_INTERVAL } from './icy-block.ts'
import type { RequestHead } from './request-head.ts'

/** What a station says of itself; undefined leaves a thing out. */
export interface AboutStation {
  readonly name: string | undefined
  readonly description: string | undefined
  readonly genre: string | undefined
  readonly url: string | undefined
}

/** The frames whose bytes and time (in microseconds) tell the bit rate. */
interface Measured extends RingView {
  readonly bytes: number
  readonly us: number
}

/** Whether a player wants titles between the bytes. Others would play them. Some players send the field twice. */
export function asksForTitles({ headers }: RequestHead): boolean {
  return (headers.get('icy-metadata') ?? '').split(',').some((value) => value.trim() === '1')
}

/**
 * The `icy-*` fields of an answer. As with Icecast, everybody is told about the station; where titles will come, and how fast
 * the stream is, only who asked for titles. A script of another origin may read a field only if it is named.
 */
export function icyFields(about: AboutStation, ring: Measured, titled: boolean): Record<string, string | undefined> {
  const fields = {
    'icy-name': about.name,
    'icy-description': about.description,
    'icy-genre': about.genre,
    'icy-url': about.url,
    'icy-br': titled ? bitRate(ring) : undefined,
    'icy-metaint': titled ? String(ICY_INTERVAL) : undefined,
  }
  const names = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  return { ...fields, 'Access-Control-Expose-Headers': names.length > 0 ? names.join(', ') : undefined }
}

/** In kbit/s, of what the ring holds; undefined as long as that is nothing, or frames do not say how long they last. */
function bitRate({ bytes, us }: Measured): string | undefined {
  return us > 0 ? String(Math.round((bytes * 8_000) / us)) : undefined
}
