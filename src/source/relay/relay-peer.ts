import type { IncomingMessage } from 'node:http'
import { describedBy, fieldText } from '../peer-fields.ts'
import type { SourcePeer } from '../source.ts'
import { shownUrl } from './shown-url.ts'

/** Describes the server of an answer. @param charset of fields that are not UTF-8 */
export function relayPeer(url: URL, { headers }: IncomingMessage, charset: string): SourcePeer {
  // Node.js decodes fields as Latin-1. The first of several values is used.
  const text = (name: string) => fieldText([headers[name]].flat()[0], charset)
  return { kind: 'relay', name: shownUrl(url), ...describedBy(text) }
}
