import { CLOSE } from '../../websocket/close-codes.ts'
import { ProtocolError } from '../../websocket/protocol-error.ts'
import { HIGHEST_RATE, type LiveHello, LOWEST_RATE } from './live-messages.ts'

const ME = /^[\w-]{8,64}$/
const LONGEST_TOKEN = 200

/** Reads the first message of a page. @throws ProtocolError */
export function readHello(bytes: Buffer): LiveHello {
  const { type, token, me, rate } = fieldsOf(bytes)
  const isToken = typeof token === 'string' && token.length <= LONGEST_TOKEN
  const isMe = typeof me === 'string' && ME.test(me)
  const isRate = Number.isInteger(rate) && (rate as number) >= LOWEST_RATE && (rate as number) <= HIGHEST_RATE
  if (type === 'hello' && isToken && isMe && isRate) return { type, token, me, rate: rate as number }
  throw new ProtocolError(CLOSE.invalidMessage, 'the first message must be a valid hello')
}

function fieldsOf(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    // `Object` turns null and primitive values into objects, in which the fields are undefined.
    return Object(JSON.parse(bytes.toString())) as Record<string, unknown>
  } catch {
    throw new ProtocolError(CLOSE.invalidMessage, 'the hello message is not JSON')
  }
}
