import { CLOSE } from '../websocket/close-codes.ts'
import { ProtocolError } from '../websocket/protocol-error.ts'
import { type ClientMessage, CODECS, type Codec } from './protocol.ts'

type Fields = Readonly<Record<string, unknown>>

/** Parsers by message type. Each returns undefined when a field is missing or invalid; unknown fields are ignored. */
const PARSERS: ReadonlyMap<unknown, (fields: Fields) => ClientMessage | undefined> = new Map([
  ['hello', parseHello],
  ['muted', parseMuted],
  ['probe', parseProbe],
])

/** @throws ProtocolError */
export function parseMessage(text: string): ClientMessage {
  const fields = parseObject(text)
  const message = PARSERS.get(fields['type'])?.(fields)
  if (message === undefined) throw new ProtocolError(CLOSE.invalidMessage, 'an unknown message')
  return message
}

function parseObject(text: string): Fields {
  try {
    // `Object` turns null and primitive values into objects, in which the fields are undefined.
    return Object(JSON.parse(text)) as Fields
  } catch {
    throw new ProtocolError(CLOSE.invalidMessage, 'a text message is not JSON')
  }
}

const ME = /^[\w-]{8,64}$/

function parseHello({ me, codecs }: Fields): ClientMessage | undefined {
  if (typeof me !== 'string' || !ME.test(me)) return undefined
  const known = Array.isArray(codecs) ? CODECS.filter((codec: Codec) => codecs.includes(codec)) : []
  return known.includes('pcm') ? { type: 'hello', me, codecs: known } : undefined
}

function parseMuted({ muted }: Fields): ClientMessage | undefined {
  return typeof muted === 'boolean' ? { type: 'muted', muted } : undefined
}

function parseProbe({ id }: Fields): ClientMessage | undefined {
  return Number.isSafeInteger(id) ? { type: 'probe', id: id as number } : undefined
}
