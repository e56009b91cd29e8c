import type { Socket } from 'node:net'
import {
  type Grant,
  hasRules,
  isOpenToAll,
  type ListenAnswer,
  type ListenGate,
  type ListenQuestion,
  type Purpose,
} from '../access/listen-gate.ts'
import type { CountRefusal } from '../access/refusal-counts.ts'
import type { LinkState } from '../access/signed-link.ts'
import type { Permission } from '../delivery/visit.ts'
import type { Visits } from '../delivery/visits.ts'
import { encodePath } from '../stream/encode-path.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import { clientOf, countedClientOf } from './client.ts'
import type { RequestHead } from './http/request-head.ts'
import { credentialsOf } from './publish/credentials.ts'

/** A client cannot have a stream. */
export interface Refusal {
  /** HTTP status. */
  readonly status: number
  /** Reason, in one line. */
  readonly line: string
  /** Header fields of the response. */
  readonly fields: Readonly<Record<string, string>>
}

/** A request for a stream, for what it is, or for its pages. */
export interface AccessRequest {
  /** Decoded path of the stream. */
  readonly path: string
  readonly query: URLSearchParams
  /** As sent; see `RequestHead`. */
  readonly target: string
  /** By name in lower case. */
  readonly headers: Pick<ReadonlyMap<string, string>, 'get'>
  /** IP address of the client, and its network; see `countedClient`. */
  readonly address: string
  readonly network: string
}

const NO_FIELDS = {}
const ENDED: Refusal = { status: 503, line: 'this stream has ended', fields: NO_FIELDS }
const LINES: Readonly<Record<Exclude<LinkState, 'valid'>, string>> = {
  none: 'this stream needs a signed link',
  wrong: 'the signature of this link is wrong',
  late: 'this link has ended',
}

/** The step between finding a stream and responding with it. */
export class StreamAccess {
  readonly #gate: ListenGate
  readonly #visits: Visits
  readonly #countRefusal: CountRefusal

  constructor(gate: ListenGate, visits: Visits, countRefusal: CountRefusal) {
    this.#gate = gate
    this.#visits = visits
    this.#countRefusal = countRefusal
  }

  /**
   * Decides whether a client may have a stream; one that has ended has only pages. Most streams are open to all: nothing is asked
   * and nothing is awaited for them.
   * @param request called when there is something to decide
   * @returns undefined: every client may have the stream
   */
  ask(
    stream: ServedStream,
    purpose: Purpose,
    request: () => AccessRequest,
  ): undefined | Refusal | Promise<Permission | Refusal> {
    if (stream.isFinished && purpose !== 'page') return ENDED
    return isOpenToAll(stream.plan) ? undefined : this.#decide(stream, purpose, request())
  }

  async #decide(stream: ServedStream, purpose: Purpose, request: AccessRequest): Promise<Permission | Refusal> {
    const { access } = stream.plan
    const state = access.key === undefined ? 'valid' : await stateOf(request, access.key)
    if (state !== 'valid') {
      this.#countRefusal('link')
      return { status: 403, line: LINES[state], fields: NO_FIELDS }
    }
    const id = this.#visits.newId()
    return hasRules(access) ? this.#ask(stream, questionOf(request, purpose, id)) : { id, leave: () => {} }
  }

  async #ask(stream: ServedStream, question: ListenQuestion): Promise<Permission | Refusal> {
    const answer = await this.#gate.ask(stream, question)
    if (answer.kind !== 'granted') return refusalOf(answer)
    const { id } = question
    const permission = { id, user: answer.user, limitMs: answer.limitMs, leave: () => this.#gate.leave(id) }
    if (!stream.isFinished || question.purpose === 'page') return permission
    permission.leave()
    return ENDED
  }
}

function refusalOf(answer: Exclude<ListenAnswer, Grant>): Refusal {
  if (answer.kind === 'elsewhere') {
    return { status: 302, line: 'this stream is at another address', fields: { Location: answer.location } }
  }
  const { status, line, retryAfterS } = answer
  const challenge = status === 401 ? { 'WWW-Authenticate': 'Basic realm="listen", charset="UTF-8"' } : NO_FIELDS
  const retry = retryAfterS === undefined ? NO_FIELDS : { 'Retry-After': String(retryAfterS) }
  return { status, line, fields: { ...challenge, ...retry } }
}

/** Returns the state of the link that a request is. What verifies links is loaded with the first one. */
async function stateOf({ path, query }: AccessRequest, key: string): Promise<LinkState> {
  const { linkStateOf } = await import('../access/signed-link.ts')
  return linkStateOf(path, { until: query.get('until'), sign: query.get('sign') }, key, Date.now())
}

/** @returns the request of a client for a stream as the gate needs it */
export function accessRequestOf(request: RequestHead, socket: Socket): AccessRequest {
  const { path, query, target, headers } = request
  const { address } = clientOf(request, socket)
  return { path, query, target, headers, address, network: countedClientOf(request, socket) }
}

function questionOf(request: AccessRequest, purpose: Purpose, id: number): ListenQuestion {
  const { path, query, target, headers, address, network } = request
  const [user, password] = [query.get('user'), query.get('pass')]
  const inQuery = user === null || password === null ? undefined : { user, password }
  const at = target.indexOf('?')
  return {
    purpose,
    id,
    address,
    network,
    agent: headers.get('user-agent'),
    offered: credentialsOf(headers.get('authorization')) ?? inQuery,
    mount: encodePath(path) + (at < 0 ? '' : target.slice(at)),
    host: headers.get('host'),
  }
}
