import type { Socket } from 'node:net'
import type { Credentials } from '../../access/logins.ts'
import { isFromOtherPage } from '../../access/other-page.ts'
import type { Publication } from '../../station/publishing.ts'
import { pathOfBytes } from '../../text/byte-path.ts'
import { decodeText } from '../../text/decode-text.ts'
import { clientOf, countedClientOf } from '../client.ts'
import { answerAndClose } from '../http/answer-and-close.ts'
import type { RequestHead } from '../http/request-head.ts'
import { textAnswer } from '../http/response-head.ts'
import { refusalByAdmins, setByAdmin, titledByAdmin } from './admin-titles.ts'
import { type AskingClient, admit, type PublisherParts } from './admit.ts'
import { credentialsOf } from './credentials.ts'
import { isDenied, NO_SOURCE, type Refusal } from './refusals.ts'
import { refuseRequest } from './refuse-request.ts'
import { splitPassword } from './shoutcast-line.ts'
import { findShoutcastPath } from './shoutcast-path.ts'
import { type RawQuery, rawQueryOf, titleOf } from './title-query.ts'

/** Response of Icecast, which some programs inspect. */
const DONE = [
  '<?xml version="1.0"?><iceresponse><message>Metadata update successful</message><return>1</return></iceresponse>',
  'text/xml; charset=utf-8',
] as const
/** The same, as of Icecast 2.5. */
const DONE_JSON = [
  '[{"name":"iceresponse","ns":"http://icecast.org/specs/legacyresponse-0.0.1"},{"message":"Metadata update successful","success":true}]',
  'application/json; charset=utf-8',
] as const
const PATHS = new Set(['/admin/metadata', '/admin/metadata.json'])

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
const OTHER_PAGE: Refusal = {
  status: 403,
  reason: 'a page of another site may not do this',
  advice: 'send titles by a program, or from a page at the address of this server',
}

/** A path, and what a client offers there. */
interface Target {
  readonly path: string
  readonly offered: Credentials | undefined
}

/** Whether a request is one of those that set titles. By `admin.cgi`, SHOUTcast also shows its statistics. */
export function isTitleRequest({ method, path, query }: RequestHead): boolean {
  if (method !== 'GET' && method !== 'POST') return false
  return PATHS.has(path) || (path === '/admin.cgi' && query.get('mode') !== 'viewxml')
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
  const isOtherPage = isFromOtherPage({ method: 'POST', field: (name) => headers.get(name), host: headers.get('host') })
  const refusal = await setTitle(target, query, { ...asking, isOtherPage }, parts)
  if (refusal === undefined) {
    const [text, type] = request.path.endsWith('.json') ? DONE_JSON : DONE
    return answerAndClose(socket, textAnswer(200, text, { version, fields: { 'Content-Type': type } }), parts.clock)
  }
  parts.refusals.add({ kind: 'title', client, network, path: target?.path, agent }, refusal)
  refuseRequest(request, socket, refusal, parts.clock)
}

/** @returns undefined: the title is set */
async function setTitle(
  target: Target | undefined,
  query: RawQuery,
  { isOtherPage, ...client }: AskingClient & { readonly isOtherPage: boolean },
  parts: PublisherParts,
): Promise<Refusal | undefined> {
  if (query.get('mode')?.toString() !== 'updinfo') return NOT_SUPPORTED
  if (target === undefined) return NO_SOURCE
  const { offered, path } = target
  if (offered !== undefined && (await parts.titles.admins.knows(offered, client.network))) {
    return isOtherPage ? OTHER_PAGE : setAsAdmin(path, query, parts)
  }
  const point = await admit(parts, path, ({ user }) => withUser(offered, user), client)
  if ('status' in point) {
    const isForAdmins = [403, 404].includes(point.status) && !isDenied(point)
    return isForAdmins ? refusalByAdmins(parts.titles, offered, client.network) : point
  }
  const title = titleOf(query, point.plan.titles.charset)
  if (title === undefined) return query.has('url') ? undefined : NO_TITLE
  const publication: Publication | undefined = point.publication
  if (publication === undefined) return NO_SOURCE
  publication.setTitle(title)
  return undefined
}

async function setAsAdmin(path: string, query: RawQuery, parts: PublisherParts): Promise<Refusal | undefined> {
  const stream = await titledByAdmin(parts.titles, path)
  if ('status' in stream) return stream
  const title = titleOf(query, stream.plan.titles.charset)
  if (title === undefined) return query.has('url') ? undefined : NO_TITLE
  await setByAdmin(stream, parts.publishing, title)
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
  const stated = named ?? (mount && pathOfBytes(mount))
  return { path: stated ?? (await findShoutcastPath(publishing, password, true)), offered: { user: '', password } }
}
