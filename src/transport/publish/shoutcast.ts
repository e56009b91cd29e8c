import type { Socket } from 'node:net'
import { networkOf } from '../../access/address.ts'
import { decodeText } from '../../text/decode-text.ts'
import { clientOf } from '../client.ts'
import { answerAndClose } from '../http/answer-and-close.ts'
import { originOf } from '../origin.ts'
import { admit, type PublisherParts } from './admit.ts'
import { EndlessBody } from './body-form.ts'
import { peerOf } from './peer-of.ts'
import { publishAt } from './publisher-connection.ts'
import type { Refusal } from './refusals.ts'
import { splitPassword } from './shoutcast-line.ts'
import { findShoutcastPath } from './shoutcast-path.ts'

const GRANTED = Buffer.from('OK2\r\nicy-caps:11\r\n\r\n')
const NOTHING = Buffer.alloc(0)
/** libshout asks with it whether a server listens. */
const POKE = '!POKE'
/** Beginning of the request line of Icecast 1. */
const SOURCE = 'SOURCE '
const NO_FIELDS: ReadonlyMap<string, string> = new Map()

const OLD_SOURCE: Refusal = {
  status: 400,
  reason: 'the request line must be: SOURCE /path HTTP/1.0',
  advice: 'choose Icecast 2 in the program that publishes: this line is of Icecast 1',
}

/**
 * Responds to the first line of SHOUTcast 1:
 *
 * ```
 *   client   password or password:/path, then fields (icy-name: ...) and an empty line, then sound; it may not wait for OK2
 *   server   OK2, icy-caps:11 and an empty line; or a reason
 * ```
 * @param line without its end, each byte a character
 * @param socket paused, with the line still to be read
 */
export async function respondToShoutcast(line: string, socket: Socket, parts: PublisherParts): Promise<void> {
  if (line === POKE) return close(socket, 'invalid password', parts)
  const { name: client, address } = clientOf({ headers: NO_FIELDS }, socket)
  const { address: peer } = originOf(socket)
  const asked = { kind: 'publisher', client, network: networkOf(peer), agent: undefined } as const
  if (line.startsWith(SOURCE)) {
    parts.refusals.add({ ...asked, path: undefined }, OLD_SOURCE)
    return close(socket, `HTTP/1.0 400 ${OLD_SOURCE.reason}\r\n`, parts)
  }
  const { password, path: named } = splitPassword(decodeText(Buffer.from(line, 'latin1'), 'latin1'))
  const path = named ?? (await findShoutcastPath(parts.publishing, password))
  const refusal = await publish(path, password, socket, { client, address, network: asked.network }, parts)
  if (refusal === undefined || socket.destroyed) return
  parts.refusals.add({ ...asked, path }, refusal)
  const isPassword = refusal.status === 401 || refusal.status === 429
  close(socket, isPassword ? 'invalid password' : refusal.reason, parts)
}

/** @returns undefined: the publisher is on air, or has disconnected */
async function publish(
  path: string,
  password: string,
  socket: Socket,
  { client, address, network }: { readonly client: string; readonly address: string; readonly network: string },
  parts: PublisherParts,
): Promise<Refusal | undefined> {
  const asking = { network, address, agent: undefined, host: undefined, isTitle: false }
  const admitted = await admit(parts, path, ({ user }) => ({ user, password }), asking)
  if ('status' in admitted) return admitted
  if (socket.destroyed) return undefined
  const { charset } = admitted.plan.titles
  const user = admitted.rules?.user
  const options = {
    identity: `${address} ${user ?? ''}`,
    peer: peerOf(client, user, NO_FIELDS, charset),
    body: new EndlessBody(),
    charset,
    responses: { first: GRANTED, last: NOTHING, refusal: () => NOTHING },
    peerOfHead: (head: Buffer) => peerOf(client, user, fieldsOf(head), charset),
  }
  return publishAt(admitted, socket, options, parts.clock)
}

function close(socket: Socket, line: string, { clock }: PublisherParts): void {
  answerAndClose(socket, Buffer.from(`${line}\r\n`), clock)
}

/** Reads the fields behind the password. Without a media type the sound is MP3. */
function fieldsOf(head: Buffer): ReadonlyMap<string, string> {
  const [, ...lines] = head.toString('latin1').split('\n')
  const fields = new Map([['content-type', 'audio/mpeg']])
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon > 0) fields.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  return fields
}
