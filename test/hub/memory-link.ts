import type { HubDelivery, HubLink, HubLinkState } from '../../src/hub/hub-link.ts'
import type { Clock } from '../../src/system/clock.ts'

/** Properties of a hub in memory. */
interface MemoryHubOptions {
  /** Age up to which messages of `ss.a.>` are kept, in milliseconds; 0: none are. Default: 10 s. */
  readonly historyMs?: number
  /** In bytes. Default: 1 MiB, as that of a server. */
  readonly maxPayload?: number
}

/** Properties of one connection. */
interface MemoryLinkOptions {
  /** Time that each message takes to arrive here, in milliseconds; a function is called for each. Messages keep their order. Default: 0. */
  readonly delayMs?: number | (() => number)
  /** Not connected until `back` is called. */
  readonly isAway?: boolean
}

/** A connection to a hub in memory, which a test interrupts. */
export interface MemoryLink extends HubLink {
  maxPayload: number
  delayMs: number | (() => number)
  /** Drops messages on their way to this connection, of those for which it returns true. */
  drops: ((delivery: HubDelivery) => boolean) | undefined
  /** What it has sent, while it keeps that: a test sets it to an empty array. */
  sent: HubDelivery[] | undefined
  /** Disconnects: what is on its way here is lost, as is what is published. */
  leave(): void
  /** Connects again. */
  back(): void
}

/** A hub in memory. */
export interface MemoryHub {
  connect(options?: MemoryLinkOptions): MemoryLink
  /** Disconnects all, and forgets what was kept. */
  stop(): void
  /** Connects all again. */
  start(): void
}

interface Kept extends HubDelivery {
  readonly at: number
}

/** Makes a hub; times are those of `clock`, with which messages arrive in a later turn at the soonest. */
export function createMemoryHub(
  clock: Clock,
  { historyMs = 10_000, maxPayload = 2 ** 20 }: MemoryHubOptions = {},
): MemoryHub {
  const links = new Set<InMemory>()
  const kept: Kept[] = []
  const dropOld = () => {
    while (kept[0] !== undefined && kept[0].at < clock.now() - historyMs) kept.shift()
  }
  const room: Room = {
    clock,
    historyMs,
    publish(delivery) {
      if (historyMs > 0 && delivery.subject.startsWith('ss.a.')) kept.push({ ...delivery, at: clock.now() })
      dropOld()
      for (const link of links) link.receive(delivery)
    },
    kept(since) {
      dropOld()
      return kept.filter(({ at }) => at >= since)
    },
    closed: (link) => void links.delete(link),
  }
  return {
    connect(options = {}) {
      const link = new InMemory(room, maxPayload, options)
      links.add(link)
      return link
    },
    stop() {
      for (const link of links) link.leave()
      kept.length = 0
    },
    start() {
      for (const link of links) link.back()
    },
  }
}

/** The hub as a connection sees it. */
interface Room {
  readonly clock: Clock
  readonly historyMs: number
  publish(delivery: HubDelivery): void
  kept(since: number): readonly Kept[]
  closed(link: InMemory): void
}

/** Subscriptions of a connection: those of one subject by it, because there may be hundreds, and those with wildcards. */
class Subscriptions {
  readonly #plain = new Map<string, Set<Receive>>()
  readonly #wild = new Map<Receive, string>()

  /** @returns removes it */
  add(subject: string, receive: Receive): () => void {
    // Each has an identity of its own, even if one function receives for several.
    const own: Receive = (delivery) => receive(delivery)
    if (/[*>]/.test(subject)) this.#wild.set(own, subject)
    else this.#plain.set(subject, (this.#plain.get(subject) ?? new Set()).add(own))
    return () => {
      this.#wild.delete(own)
      this.#plain.get(subject)?.delete(own)
    }
  }

  of(subject: string): readonly Receive[] {
    const wild = [...this.#wild].filter(([, pattern]) => matches(pattern, subject)).map(([receive]) => receive)
    return [...(this.#plain.get(subject) ?? []), ...wild]
  }
}

type Receive = (delivery: HubDelivery) => void

class InMemory implements MemoryLink {
  maxPayload: number
  delayMs: number | (() => number)
  drops: ((delivery: HubDelivery) => boolean) | undefined
  sent: HubDelivery[] | undefined
  readonly #room: Room
  readonly #subscriptions = new Subscriptions()
  readonly #listeners = new Set<() => void>()
  /** Messages on their way here, with the times of their arrival. */
  #underway: { readonly at: number; readonly delivery: HubDelivery }[] = []
  #cancel: (() => void) | undefined
  #isConnected: boolean
  #isClosed = false
  #connections = 0
  #since: number

  constructor(room: Room, maxPayload: number, { delayMs = 0, isAway = false }: MemoryLinkOptions) {
    this.#room = room
    this.maxPayload = maxPayload
    this.delayMs = delayMs
    this.#since = room.clock.now()
    this.#isConnected = !isAway
    if (!isAway) this.#connections = 1
  }

  get state(): HubLinkState {
    return {
      isConnected: this.#isConnected,
      server: this.#connections > 0 ? 'memory' : undefined,
      since: this.#since,
      reconnects: Math.max(0, this.#connections - 1),
      roundTripMs: this.#isConnected ? 0 : undefined,
      problem: this.#isConnected ? undefined : 'away',
      keepsHistory: this.#isConnected && this.#room.historyMs > 0,
    }
  }

  publish(subject: string, payload: Uint8Array): void {
    if (!this.#isConnected) return
    if (payload.length > this.maxPayload) throw new Error(`${payload.length} bytes are more than the hub takes`)
    const delivery = { subject, payload: Buffer.from(payload) }
    this.sent?.push(delivery)
    this.#room.publish(delivery)
  }

  subscribe(subject: string, receive: Receive): () => void {
    return this.#subscriptions.add(subject, receive)
  }

  onConnected(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  history(subject: string, ms: number): Promise<readonly HubDelivery[]> {
    if (!this.#isConnected) return Promise.resolve([])
    const { clock } = this.#room
    const found = this.#room.kept(clock.now() - ms).filter((delivery) => matches(subject, delivery.subject))
    return new Promise((resolve) => clock.after(this.#delay(), () => resolve(found)))
  }

  close(): Promise<void> {
    if (this.#isConnected) this.leave()
    this.#isClosed = true
    this.#room.closed(this)
    return Promise.resolve()
  }

  leave(): void {
    if (!this.#isConnected) return
    this.#isConnected = false
    this.#since = this.#room.clock.now()
    this.#underway = []
    this.#cancel?.()
    this.#cancel = undefined
  }

  back(): void {
    if (this.#isConnected || this.#isClosed) return
    this.#isConnected = true
    this.#since = this.#room.clock.now()
    this.#connections++
    for (const listener of this.#listeners) listener()
  }

  /** A message has left its sender. */
  receive(delivery: HubDelivery): void {
    const isWanted = this.#subscriptions.of(delivery.subject).length > 0
    if (!this.#isConnected || !isWanted || this.drops?.(delivery) === true) return
    const at = Math.max(this.#room.clock.now() + this.#delay(), this.#underway.at(-1)?.at ?? 0)
    this.#underway.push({ at, delivery })
    this.#wait()
  }

  #delay(): number {
    return typeof this.delayMs === 'number' ? this.delayMs : this.delayMs()
  }

  #wait(): void {
    const [first] = this.#underway
    if (first === undefined || this.#cancel !== undefined) return
    this.#cancel = this.#room.clock.after(first.at - this.#room.clock.now(), () => {
      this.#cancel = undefined
      this.#arrive()
      this.#wait()
    })
  }

  #arrive(): void {
    const now = this.#room.clock.now()
    for (let first = this.#underway[0]; first !== undefined && first.at <= now; first = this.#underway[0]) {
      const { delivery } = first
      this.#underway.shift()
      for (const receive of this.#subscriptions.of(delivery.subject)) receive(delivery)
    }
  }
}

/** Whether a subject is one of those that `pattern` stands for: `*` is one token, `>` at the end one or more. */
function matches(pattern: string, subject: string): boolean {
  if (pattern === subject) return true
  const [wanted, given] = [pattern.split('.'), subject.split('.')]
  const rest = wanted.indexOf('>')
  if (rest === -1 ? wanted.length !== given.length : given.length <= rest) return false
  return wanted.every((token, at) => token === '*' || token === '>' || token === given[at])
}
