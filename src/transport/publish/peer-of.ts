import type { About } from '../../plan/stream-plan.ts'
import type { SourcePeer } from '../../source/source.ts'
import { decodeText } from '../../text/decode-text.ts'

/** Header fields by name in lower case; values are Latin-1. */
type Fields = Pick<ReadonlyMap<string, string>, 'get'>

/** Maximum length of a description, in characters; the rest is cut. */
const MAX_LENGTH = 300
/** Maximum length of `ice-audio-info` and of a media type, in characters; longer ones are ignored. */
const MAX_VALUE_LENGTH = 200
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+(?:\s*;[ -~]*)?$/
/** Marks that turn the direction of writing, and characters that end a line. */
const NOT_SHOWN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu

/**
 * Describes a publisher by its header fields, in the forms of Icecast (`ice-`) and SHOUTcast (`icy-`).
 * @param name address and port of the client @param charset encoding of text that is not UTF-8
 */
export function peerOf(name: string, user: string | undefined, fields: Fields, charset: string): SourcePeer {
  const text = (field: string) => textOf(fields, field, charset)
  const either = (key: string) => text(`ice-${key}`) ?? text(`icy-${key}`)
  const about: Partial<About> = {
    name: either('name'),
    description: either('description'),
    genre: either('genre'),
    url: either('url'),
  }
  const contentType = fields.get('content-type')
  return {
    kind: 'publisher',
    name,
    user,
    agent: text('user-agent'),
    about: Object.fromEntries(Object.entries(about).filter(([, value]) => value !== undefined)),
    contentType: contentType !== undefined && isMediaType(contentType) ? contentType : undefined,
    audioInfo: audioInfoOf(fields),
  }
}

/** @returns one line without blanks around it; undefined for nothing, and for what C programs print in its place */
function textOf(fields: Fields, field: string, charset: string): string | undefined {
  const value = fields.get(field)
  if (value === undefined) return undefined
  const line = decodeText(Buffer.from(value, 'latin1'), charset).replaceAll(NOT_SHOWN, ' ').trim()
  const shown = Array.from(line).slice(0, MAX_LENGTH).join('').trim()
  return shown === '' || shown === '(null)' ? undefined : shown
}

function isMediaType(value: string): boolean {
  return value.length <= MAX_VALUE_LENGTH && MEDIA_TYPE.test(value)
}

/** Returns `bitrate=128;channels=2`: butt begins each name with `ice-`, and libshout percent-encodes the values. */
function audioInfoOf(fields: Fields): string | undefined {
  const bitrate = fields.get('ice-bitrate') ?? fields.get('icy-br')
  const stated = fields.get('ice-audio-info') || (bitrate === undefined ? '' : `bitrate=${bitrate}`)
  if (stated === '' || stated.length > MAX_VALUE_LENGTH) return undefined
  const parts = stated.split(';').flatMap((part) => {
    const [, name, value] = /^\s*(?:ice-)?([a-z]+)=([\w%.]+)\s*$/i.exec(part) ?? []
    const decoded = value?.replaceAll(/%2e/gi, '.')
    return name === undefined || decoded === undefined || decoded.includes('%') ? [] : [`${name}=${decoded}`]
  })
  return parts.length === 0 ? undefined : parts.join(';')
}
