import { describedBy, fieldText } from '../../source/peer-fields.ts'
import type { SourcePeer } from '../../source/source.ts'

/** Header fields by name in lower case; values are Latin-1. */
type Fields = Pick<ReadonlyMap<string, string>, 'get'>

/** Maximum length of `ice-audio-info`, in characters; longer ones are ignored. */
const MAX_INFO_LENGTH = 200

/**
 * Describes a publisher by its header fields, in the forms of Icecast (`ice-`) and SHOUTcast (`icy-`).
 * @param name address and port of the client @param charset encoding of text that is not UTF-8
 */
export function peerOf(name: string, user: string | undefined, fields: Fields, charset: string): SourcePeer {
  const text = (field: string) => fieldText(fields.get(field), charset)
  const audioInfo = audioInfoOf(fields)
  return { kind: 'publisher', name, user, agent: text('user-agent'), ...describedBy(text), audioInfo }
}

/** Returns `bitrate=128;channels=2`: butt begins each name with `ice-`, and libshout percent-encodes the values. */
function audioInfoOf(fields: Fields): string | undefined {
  const bitrate = fields.get('ice-bitrate') ?? fields.get('icy-br')
  const stated = fields.get('ice-audio-info') || (bitrate === undefined ? '' : `bitrate=${bitrate}`)
  if (stated === '' || stated.length > MAX_INFO_LENGTH) return undefined
  const parts = stated.split(';').flatMap((part) => {
    const [, name, value] = /^\s*(?:ice-)?([a-z]+)=([\w%.]+)\s*$/i.exec(part) ?? []
    const decoded = value?.replaceAll(/%2e/gi, '.')
    return name === undefined || decoded === undefined || decoded.includes('%') ? [] : [`${name}=${decoded}`]
  })
  return parts.length === 0 ? undefined : parts.join(';')
}
