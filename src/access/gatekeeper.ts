import type { AccessPlan } from '../plan/stream-plan.ts'
import type { Clock } from '../system/clock.ts'
import type { CallbackAnswer } from './callbacks/answer.ts'
import type { ListenCallbacks } from './callbacks/listen-callbacks.ts'
import type { GuardedStream, ListenAnswer, ListenGate, ListenQuestion, Refusal } from './listen-gate.ts'
import { type ExceededLimit, ListenerCounts } from './listener-counts.ts'
import type { Logins } from './logins.ts'
import type { CountRefusal } from './refusal-counts.ts'

/** The place of a listener. */
interface Place {
  readonly counts: ListenerCounts
  readonly network: string
  readonly user: string | undefined
  /** URL to notify of the end, with the question that it has answered; undefined: none. */
  readonly notify: { readonly url: string; readonly question: ListenQuestion } | undefined
  /** In milliseconds of the clock. */
  readonly since: number
}

/** Parts of a gatekeeper. */
export interface GatekeeperParts {
  readonly logins: Logins
  /** Loaded on demand, because most programs ask no URL. */
  readonly callbacks: () => Promise<ListenCallbacks>
  readonly countRefusal: CountRefusal
}

const RETRY_S = 10
/** See `WrongAttempts`. */
const RETRY_ATTEMPTS_S = 60

const MISSING = refusal(401, 'a user and a password are required')
const WRONG = refusal(401, 'wrong user or password')
const TOO_MANY = refusal(429, 'too many wrong passwords; try again in a minute', RETRY_ATTEMPTS_S)
const BUSY = refusal(503, 'too many passwords are compared; try again soon', RETRY_S)
const UNKNOWN = refusal(503, 'the permission to listen could not be checked; try again later', RETRY_S)
const OF_LIMITS: Readonly<Record<ExceededLimit, Refusal>> = {
  listeners: refusal(503, 'this stream has no place for more listeners; try again later', RETRY_S),
  'listeners per address': refusal(429, 'this address has too many listeners of this stream', RETRY_S),
  'connections per user': refusal(429, 'this user has too many connections to this stream', RETRY_S),
}

/** The gate of the main thread, which all threads ask. All rules of a stream must agree. */
export class Gatekeeper implements ListenGate {
  readonly #parts: GatekeeperParts
  readonly #clock: Clock
  readonly #counts = new WeakMap<GuardedStream, ListenerCounts>()
  readonly #places = new Map<number, Place>()

  constructor(parts: GatekeeperParts, clock: Clock) {
    this.#parts = parts
    this.#clock = clock
  }

  /** Limits are judged at once; only passwords and URLs take time. */
  ask(stream: GuardedStream, question: ListenQuestion): ListenAnswer | Promise<ListenAnswer> {
    const { usersFile, url } = stream.plan.access
    if (usersFile !== undefined || url !== undefined) return this.#askAll(stream, question)
    return this.#enter(stream, question)
  }

  leave(id: number): void {
    const place = this.#places.get(id)
    if (place === undefined) return
    this.#places.delete(id)
    place.counts.count(-1, place.network, place.user)
    if (place.notify !== undefined) void this.#notify(place.notify.url, place.notify.question, place.since)
  }

  async #askAll(stream: GuardedStream, question: ListenQuestion): Promise<ListenAnswer> {
    const { usersFile, url } = stream.plan.access
    if (question.offered !== undefined && this.#parts.logins.areTooMany(question.network)) {
      return this.#refuse('too many attempts', TOO_MANY)
    }
    const refused = usersFile === undefined ? undefined : await this.#logIn(usersFile, question)
    if (refused !== undefined) return refused
    const user = question.offered?.user
    return url === undefined ? this.#enter(stream, question, user) : this.#askUrl(url, stream, question, user)
  }

  /** @returns undefined: the password is right */
  async #logIn(usersFile: string, { offered, network }: ListenQuestion): Promise<Refusal | undefined> {
    if (offered === undefined) return this.#refuse('credentials', MISSING)
    const accounts = { user: '', password: undefined, usersFile }
    const result = await this.#parts.logins.check(accounts, offered, network)
    if (result === 'granted') return undefined
    if (result === 'wrong') return this.#refuse('credentials', WRONG)
    return this.#refuse('too many attempts', result === 'busy' ? BUSY : TOO_MANY)
  }

  async #askUrl(
    url: string,
    stream: GuardedStream,
    question: ListenQuestion,
    user: string | undefined,
  ): Promise<ListenAnswer> {
    const callbacks = await this.#parts.callbacks()
    let exceeded: ExceededLimit | undefined
    // A full stream needs no answers: the limits are judged before each one is requested, and once more after it.
    const answer = await callbacks.ask(url, question, () => {
      exceeded = this.#exceeded(stream, question, user)
      return exceeded === undefined
    })
    if (exceeded !== undefined) return this.#refuseFull(exceeded, stream.plan.access)
    if (answer?.kind === 'elsewhere') return answer
    if (answer !== undefined && answer.kind !== 'yes') return this.#refuseAs(answer, question)
    const entered = this.#enter(stream, question, user, url, answer?.limitMs)
    const isPlaced = entered.kind === 'granted' && question.purpose === 'listen'
    if (answer !== undefined && !isPlaced) void this.#notify(url, question, this.#clock.now())
    return entered
  }

  #refuseAs(answer: Exclude<CallbackAnswer, { kind: 'yes' | 'elsewhere' }>, question: ListenQuestion): Refusal {
    if (answer.kind === 'failed') return this.#refuse('callback', UNKNOWN)
    if (question.offered !== undefined) this.#parts.logins.addWrong(question.network)
    const line = answer.message ?? 'listening is not permitted'
    return this.#refuse('callback', refusal(question.offered === undefined ? 401 : 403, line))
  }

  #enter(stream: GuardedStream, question: ListenQuestion, user?: string, url?: string, limitMs?: number): ListenAnswer {
    const exceeded = this.#exceeded(stream, question, user)
    if (exceeded !== undefined) return this.#refuseFull(exceeded, stream.plan.access)
    if (question.purpose === 'listen') {
      const counts = this.#countsOf(stream)
      const { id, network } = question
      counts.count(1, network, user)
      const notify = url === undefined ? undefined : { url, question }
      this.#places.set(id, { counts, network, user, notify, since: this.#clock.now() })
    }
    return { kind: 'granted', user, limitMs }
  }

  #exceeded(stream: GuardedStream, question: ListenQuestion, user: string | undefined): ExceededLimit | undefined {
    if (question.purpose === 'page') return undefined
    const { plan, clients = 0 } = stream
    return this.#countsOf(stream).exceeded(plan.access, clients, question.network, user)
  }

  #countsOf(stream: GuardedStream): ListenerCounts {
    const counts = this.#counts.get(stream) ?? new ListenerCounts()
    this.#counts.set(stream, counts)
    return counts
  }

  #refuseFull(exceeded: ExceededLimit, { whenFull }: AccessPlan): ListenAnswer {
    const refused = this.#refuse(exceeded, OF_LIMITS[exceeded])
    return exceeded === 'listeners' && whenFull !== undefined ? { kind: 'elsewhere', location: whenFull } : refused
  }

  #refuse(cause: Parameters<CountRefusal>[0], refused: Refusal): Refusal {
    this.#parts.countRefusal(cause)
    return refused
  }

  async #notify(url: string, question: ListenQuestion, since: number): Promise<void> {
    const callbacks = await this.#parts.callbacks()
    callbacks.left(url, question, this.#clock.now() - since)
  }
}

function refusal(status: Refusal['status'], line: string, retryAfterS?: number): Refusal {
  return { kind: 'refused', status, line, ...(retryAfterS === undefined ? {} : { retryAfterS }) }
}
