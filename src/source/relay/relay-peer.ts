import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { decodeText } from '../../text/decode-text.ts'
import { inOneLine } from '../../text/in-one-line.ts'
import type { SourcePeer } from '../source.ts'
import { shownUrl } from './shown-url.ts'

/** Media types that may be sent on: those of pages and scripts would run in the name of this server. */
const SOUND_TYPE = /^(?:audio\/|video\/|application\/ogg\b)[\w.+-]*(?:\s*;[\x20-\x7e]*)?$/i
const MAX_TYPE_LENGTH = 200
/** As of the option `url`. */
const WEB_ADDRESS = /^https?:\/\/[!-&(-~]{1,500}$/i

/** Describes the server of an answer. @param charset of fields that are not UTF-8 */
export function relayPeer(url: URL, { headers }: IncomingMessage, charset: string): SourcePeer {
  const text = (name: string) => textOf(headers, `icy-${name}`, charset) ?? textOf(headers, `ice-${name}`, charset)
  const page = text('url')
  const type = headers['content-type']?.trim() ?? ''
  return {
    kind: 'relay',
    name: shownUrl(url),
    about: {
      name: text('name'),
      description: text('description'),
      genre: text('genre'),
      url: page !== undefined && WEB_ADDRESS.test(page) && URL.canParse(page) ? page : undefined,
    },
    contentType: type.length <= MAX_TYPE_LENGTH && SOUND_TYPE.test(type) ? type : undefined,
  }
}

function textOf(headers: IncomingHttpHeaders, name: string, charset: string): string | undefined {
  const { [name]: value } = headers
  // Node.js decodes fields as Latin-1. The first of several values is used.
  const bytes = Buffer.from(Array.isArray(value) ? (value[0] ?? '') : (value ?? ''), 'latin1')
  return inOneLine(decodeText(bytes, charset)) || undefined
}
