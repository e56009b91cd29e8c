import type { About } from '../plan/stream-plan.ts'
import { decodeText } from '../text/decode-text.ts'
import { inOneLine } from '../text/in-one-line.ts'
import { isWebAddress } from '../text/web-address.ts'
import type { SourcePeer } from './source.ts'

/** Marks that turn the direction of writing. */
const DIRECTION_MARKS = /[\u202a-\u202e\u2066-\u2069]+/gu
/** Media types that may be sent on: those of pages and scripts would run in the name of this server. */
const SOUND_TYPE = /^(?:audio\/|video\/|application\/ogg\b)[\w.+-]*(?:\s*;[\x20-\x7e]*)?$/i
/** Maximum length of a media type, in characters; longer ones are ignored. */
const MAX_TYPE_LENGTH = 200

/**
 * Decodes a header field of a publisher or of a server.
 * @param value each byte a character; undefined: the field is missing @param charset encoding of text that is not UTF-8
 * @returns one line; undefined for nothing, and for what C programs print in its place
 */
export function fieldText(value: string | undefined, charset: string): string | undefined {
  const line = foreignLine(decodeText(Buffer.from(value ?? '', 'latin1'), charset))
  return line === '' || line === '(null)' ? undefined : line
}

/** Returns a text of another program in one line, as it may be shown; empty for nothing. */
export function foreignLine(text: string): string {
  return inOneLine(text.replaceAll(DIRECTION_MARKS, ' ')).trim()
}

/** Whether a media type of another program may be sent on. */
export function isSoundType(type: string): boolean {
  return type.length <= MAX_TYPE_LENGTH && SOUND_TYPE.test(type)
}

/**
 * Reads how a publisher or a server describes its stream, by the fields of Icecast (`ice-name`) and SHOUTcast (`icy-name`).
 * @param text returns a field by its name in lower case; see `fieldText`
 */
export function describedBy(text: (field: string) => string | undefined): Pick<SourcePeer, 'about' | 'contentType'> {
  const either = (key: string) => text(`ice-${key}`) ?? text(`icy-${key}`)
  const page = either('url')
  const type = text('content-type')
  const about: Partial<About> = {
    name: either('name'),
    description: either('description'),
    genre: either('genre'),
    url: page !== undefined && isWebAddress(page) ? page : undefined,
  }
  return {
    about: Object.fromEntries(Object.entries(about).filter(([, value]) => value !== undefined)),
    contentType: type !== undefined && isSoundType(type) ? type : undefined,
  }
}
