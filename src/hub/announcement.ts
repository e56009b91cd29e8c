import type { About } from '../plan/stream-plan.ts'
import { foreignLine, isSoundType } from '../source/peer-fields.ts'
import { isWebAddress } from '../text/web-address.ts'

/**
 * What an origin says of a stream on `ss.m.NAME.ORIGIN`, every 2 s and at each change, as JSON:
 *
 * ```
 *   {"type":"audio/mpeg","format":"audio/mpeg (MPEG-1 Layer III, 44100 Hz, stereo)","name":"Radio","hidden":false,"title":"..."}
 *   {"gone":true}     once, when the stream is not published any more
 * ```
 *
 * Fields that are not known are left out.
 */
export interface Announcement {
  /** Media type of responses; undefined: not known yet. */
  readonly contentType: string | undefined
  /** As in HubKey; undefined: not known yet. */
  readonly format: string | undefined
  readonly about: About
  /** The stream is left out of the index. */
  readonly hidden: boolean
  /** The current title; empty: unknown. */
  readonly title: string
}

/** Maximum size of an announcement, in bytes: six texts of the longest kind, in UTF-8. */
const MAX_BYTES = 16 * 1024
/** Media type of bytes of an unknown format. */
const RAW_TYPE = 'application/octet-stream'

const GONE = Buffer.from('{"gone":true}')

/** @param announcement undefined: the stream is not published any more */
export function encodeAnnouncement(announcement: Announcement | undefined): Buffer {
  if (announcement === undefined) return GONE
  const { contentType, format, about, hidden, title } = announcement
  const { name, description, genre, url } = about
  return Buffer.from(JSON.stringify({ type: contentType, format, name, description, genre, url, hidden, title }))
}

/**
 * Reads an announcement; its texts are cut as titles are, and what is not valid is left out.
 * @returns `gone`: the stream is not published any more; undefined: these bytes are not an announcement
 */
export function decodeAnnouncement(payload: Buffer): Announcement | 'gone' | undefined {
  const fields = payload.length <= MAX_BYTES ? parsed(payload.toString()) : undefined
  if (fields === undefined) return undefined
  if (fields['gone'] === true) return 'gone'
  const line = (name: string) => {
    const value = fields[name]
    return typeof value === 'string' ? foreignLine(value) || undefined : undefined
  }
  const type = line('type')
  const { url } = fields
  return {
    contentType: type !== undefined && (isSoundType(type) || type === RAW_TYPE) ? type : undefined,
    format: line('format'),
    about: {
      name: line('name'),
      description: line('description'),
      genre: line('genre'),
      url: typeof url === 'string' && isWebAddress(url) ? url : undefined,
    },
    hidden: fields['hidden'] === true,
    title: line('title') ?? '',
  }
}

/** @returns undefined when the text is not an object in JSON */
function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}
