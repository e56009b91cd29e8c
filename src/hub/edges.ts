import { foreignLine } from '../source/peer-fields.ts'
import { type Clock, repeat } from '../system/clock.ts'
import type { EdgeState } from './hub.ts'
import type { HubDelivery, HubLink } from './hub-link.ts'
import { ALL_EDGES, edgeSubject, nameOfToken } from './subjects.ts'

/**
 * What an edge says of itself on `ss.s.EDGE`, every 5 s, as JSON:
 *
 * ```
 *   {"listeners":120,"hears":{"radio":"studio-1"}}
 * ```
 */
const EVERY_MS = 5_000
/** Time after the last report at which an edge is forgotten, in milliseconds. */
const FORGOTTEN_MS = 3 * EVERY_MS
/** Maximum number of edges, size of a report in bytes, and streams of a report that are kept: all of it is foreign. */
const MAX_EDGES = 1_024
const MAX_BYTES = 64 * 1024
const MAX_HEARD = 256

/** Reports of the edges of a hub. */
export class Edges {
  readonly #clock: Clock
  readonly #edges = new Map<string, { readonly at: number; readonly state: EdgeState }>()
  readonly #unsubscribe: () => void

  constructor(link: HubLink, clock: Clock) {
    this.#clock = clock
    this.#unsubscribe = link.subscribe(ALL_EDGES, (delivery) => this.#take(delivery))
  }

  /** Sorted by name. */
  list(): readonly EdgeState[] {
    this.#forget()
    return [...this.#edges.values()]
      .map(({ state }) => state)
      .toSorted((one, other) => (one.edge < other.edge ? -1 : 1))
  }

  close(): void {
    this.#unsubscribe()
  }

  #take({ subject, payload }: HubDelivery): void {
    const edge = nameOfToken(subject.split('.')[2] ?? '')
    const state = edge === undefined ? undefined : decodeEdge(edge, payload)
    if (state === undefined) return
    this.#edges.delete(state.edge)
    if (this.#edges.size >= MAX_EDGES) this.#forget()
    if (this.#edges.size < MAX_EDGES) this.#edges.set(state.edge, { at: this.#clock.now(), state })
  }

  #forget(): void {
    const before = this.#clock.now() - FORGOTTEN_MS
    for (const [edge, { at }] of this.#edges) if (at < before) this.#edges.delete(edge)
  }
}

/** Reports an edge every 5 s. @param look returns its state; undefined: it is not an edge now @returns ends it */
export function reportEdge(link: HubLink, clock: Clock, look: () => EdgeState | undefined): () => void {
  return repeat(clock, EVERY_MS, async () => {
    const state = look()
    if (state !== undefined) link.publish(edgeSubject(state.edge), encodeEdge(state, link.maxPayload))
  })
}

/** Streams are left out of a report that would be too large. */
function encodeEdge({ listeners, hears }: EdgeState, maxBytes: number): Buffer {
  const payload = Buffer.from(JSON.stringify({ listeners, hears }))
  if (payload.length <= Math.min(maxBytes, MAX_BYTES)) return payload
  return Buffer.from(JSON.stringify({ listeners, hears: {} }))
}

function decodeEdge(edge: string, payload: Buffer): EdgeState | undefined {
  const fields = payload.length <= MAX_BYTES ? parsed(payload.toString()) : undefined
  const { listeners, hears } = fields ?? {}
  if (!Number.isSafeInteger(listeners) || (listeners as number) < 0 || typeof hears !== 'object') return undefined
  const lines = Object.entries(hears ?? {})
    .slice(0, MAX_HEARD)
    .flatMap(([name, origin]) =>
      typeof origin === 'string' ? [[foreignLine(name), foreignLine(origin)] as const] : [],
    )
  return { edge: foreignLine(edge), listeners: listeners as number, hears: Object.fromEntries(lines) }
}

/** @returns undefined when the text is not an object in JSON */
function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}
