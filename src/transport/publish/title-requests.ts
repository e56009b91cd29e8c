import type { Socket } from 'node:net'
import type { Credentials } from '../../access/logins.ts'
import type { Publication } from '../../station/publishing.ts'
import { pathOfBytes } from '../../text/byte-path.ts'
import { decodeText } from '../../text/decode-text.ts'
import { clientOf, countedClientOf } from '../client.ts'
import { answerAndClose } from '../http/answer-and-close.ts'
import type { RequestHead } from '../http/request-head.ts'
import { textAnswer } from '../http/response-head.ts'
import { type AskingClient, admit, type PublisherParts } from './admit.ts'
import { credentialsOf } from './credentials.ts'
import { isDenied, type Refusal } from './refusals.ts'
import { refuseRequest } from './refuse-request.ts'
import { splitPassword } from './shoutcast-line.ts'
import { findShoutcastPath } from './shoutcast-path.ts'
import { type RawQuery, rawQueryOf, titleOf } from './title-query.ts'

/** Response of Icecast, which some programs inspect. */
const DONE =
  '<?xml version="1.0"?><iceresponse><message>Metadata update successful</message><return>1</return></iceresponse>'
const XML = { 'Content-Type': 'text/xml; charset=utf-8' }

const NOT_SUPPORTED: Refusal = {
  status: 400,
  reason: 'the only mode that is supported is updinfo',
  advice: 'send the title with mode=updinfo',
}
const NO_TITLE: Refusal = {
  status: 400,
  reason: 'the request has no title',
  advice: 'send song, or title and artist',
}
/** Icecast's words for it. */
const NO_SOURCE: Refusal = {
  status: 400,
  reason: 'Source does not exist',
  advice: 'send the path at which the program publishes, while it is on air',
}

/** A path, and what a client offers there. */
interface Target {
  readonly path: string
  readonly offered: Credentials | undefined
}

/** Whether a path is one of those that set titles. */
export function isTitlePath(path: string): boolean {
  return path === '/admin/metadata' || path === '/admin.cgi'
}

/** Responds to `/admin/metadata` of Icecast and `/admin.cgi` of SHOUTcast, by which programs send titles. */
export async function respondToTitle(request: RequestHead, socket: Socket, parts: PublisherParts): Promise<void> {
  const { version, headers } = request
  const network = countedClientOf(request, socket)
  const query = rawQueryOf(request.target)
  const target = await targetOf(request, query, parts)
  const { name: client, address } = clientOf(request, socket)
  const agent = headers.get('user-agent')
  const asking = { network, address, agent, host: headers.get('host'), isTitle: true }
  const refusal = await setTitle(target, query, asking, parts)
  if (refusal === undefined) {
    return answerAndClose(socket, textAnswer(200, DONE, { version, fields: XML }), parts.clock)
  }
  parts.refusals.add({ kind: 'title', client, network, path: target?.path, agent }, refusal)
  refuseRequest(request, socket, refusal, parts.clock)
}

/** @returns undefined: the title is set */
async function setTitle(
  target: Target | undefined,
  query: RawQuery,
  client: AskingClient,
  parts: PublisherParts,
): Promise<Refusal | undefined> {
  if (query.get('mode')?.toString() !== 'updinfo') return NOT_SUPPORTED
  if (target === undefined) return NO_SOURCE
  const point = await admit(parts, target.path, ({ user }) => withUser(target.offered, user), client)
  if ('status' in point) return [403, 404].includes(point.status) && !isDenied(point) ? NO_SOURCE : point
  const title = titleOf(query, point.plan.titles.charset)
  if (title === undefined) return query.has('url') ? undefined : NO_TITLE
  const publication: Publication | undefined = point.publication
  if (publication === undefined) return NO_SOURCE
  publication.setTitle(title)
  return undefined
}

/** SHOUTcast has a password only. */
function withUser(offered: Credentials | undefined, user: string): Credentials | undefined {
  return offered?.user === '' ? { ...offered, user } : offered
}

/** @returns undefined when the request names no path */
async function targetOf(
  { path, headers }: RequestHead,
  query: RawQuery,
  { publishing }: PublisherParts,
): Promise<Target | undefined> {
  const authorized = credentialsOf(headers.get('authorization'))
  const mount = query.get('mount')
  if (path !== '/admin.cgi') {
    return mount && { path: pathOfBytes(mount), offered: authorized }
  }
  const pass = query.get('pass')
  if (pass === undefined) return mount && { path: pathOfBytes(mount), offered: authorized }
  const { password, path: named } = splitPassword(decodeText(pass, 'latin1'))
  return { path: named ?? (await findShoutcastPath(publishing, password, true)), offered: { user: '', password } }
}
