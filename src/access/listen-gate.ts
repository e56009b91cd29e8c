import type { AccessPlan } from '../plan/stream-plan.ts'
import type { Credentials } from './logins.ts'

/** A stream that the gate guards. */
export interface GuardedStream {
  readonly plan: { readonly access: AccessPlan }
  /** Clients that listen, of all threads; undefined in a delivery thread, which asks the main thread. */
  readonly clients?: number
}

/**
 * What a client wants. `listen`: the stream, and a place among its listeners. `probe`: what a listener would get, without a place.
 * `page`: the pages of the stream, and what they show; limits do not apply.
 */
export type Purpose = 'listen' | 'probe' | 'page'

/** A question whether a client may have a stream. It may be of another thread. */
export interface ListenQuestion {
  readonly purpose: Purpose
  /** Id of the listener; unique over all threads, and of every other question too. */
  readonly id: number
  /** IP address, and the network under which it is counted; see `networkOf`. */
  readonly address: string
  readonly network: string
  readonly agent: string | undefined
  readonly offered: Credentials | undefined
  /** Encoded path of the stream, with the query as the client has sent it. */
  readonly mount: string
  /** Host that the client requested, with its port; undefined: not known. */
  readonly host: string | undefined
}

/** A client may have the stream. */
export interface Grant {
  readonly kind: 'granted'
  /** Name under which it has logged in; undefined: none. */
  readonly user: string | undefined
  /** Time after which it is disconnected, in milliseconds; undefined: no limit. */
  readonly limitMs: number | undefined
}

/** A client may not have the stream. */
export interface Refusal {
  readonly kind: 'refused'
  /** HTTP status. 401: credentials are needed. */
  readonly status: 401 | 403 | 429 | 503
  /** Reason, in one line. */
  readonly line: string
  /** Time after which it may try again, in seconds; undefined: not known. */
  readonly retryAfterS?: number
}

/** A client is sent to another address. */
interface Elsewhere {
  readonly kind: 'elsewhere'
  readonly location: string
}

export type ListenAnswer = Grant | Refusal | Elsewhere

/** Decides which clients may listen. Links that end are verified before, where the request is. */
export interface ListenGate {
  /** With 'granted', the place of a listener is occupied until `leave`. */
  ask(stream: GuardedStream, question: ListenQuestion): ListenAnswer | Promise<ListenAnswer>
  /** Frees the place of a listener, if it has one. */
  leave(id: number): void
}

/** Whether every client may have a stream, and any number of them: no question is needed. */
export function isOpenToAll({ access }: GuardedStream['plan']): boolean {
  return !hasRules(access) && access.key === undefined
}

/** Whether the gate has something to decide. */
export function hasRules(access: AccessPlan): boolean {
  const { maxListeners, maxPerAddress } = access
  return asksForUsers(access) || maxListeners > 0 || maxPerAddress > 0
}

/** Whether only some clients may have a stream, and know what it plays. */
export function isForMembers(access: AccessPlan): boolean {
  return asksForUsers(access) || access.key !== undefined
}

function asksForUsers({ usersFile, url }: AccessPlan): boolean {
  return usersFile !== undefined || url !== undefined
}
