import type { HubSourcePlan } from '../plan/stream-plan.ts'
import type { Source } from '../source/source.ts'
import type { Stream } from '../stream/stream.ts'
import type { Runtime } from '../system/runtime.ts'
import { Announced } from './edge/announced.ts'
import { HubSource } from './edge/hub-source.ts'
import { Edges, reportEdge } from './edges.ts'
import type { AnnouncedStream, EdgeState, Hub, PublishedState, ReadState } from './hub.ts'
import type { HubLink, HubLinkState } from './hub-link.ts'
import { StreamPublisher } from './origin/stream-publisher.ts'

/** Settings of a hub. */
export interface HubOptions extends Runtime {
  /** Name of this program. */
  readonly origin: string
  /** Returns milliseconds since 1970. */
  readonly wallClock: () => number
}

/** Makes the hub at the other end of a connection. */
export function createHub(link: HubLink, options: HubOptions): Hub {
  return new LinkedHub(link, options)
}

class LinkedHub implements Hub {
  readonly #link: HubLink
  readonly #options: HubOptions
  readonly #announced: Announced
  readonly #edges: Edges
  readonly #stopReports: () => void
  /** By the path of the stream. One that replaces another at a reload is behind it until that has ended. */
  readonly #published = new Map<string, readonly StreamPublisher[]>()
  /** Sources that are read now. */
  readonly #read = new Set<HubSource>()
  #listeners: () => number = () => 0

  constructor(link: HubLink, options: HubOptions) {
    this.#link = link
    this.#options = options
    this.#announced = new Announced(link, options.clock)
    this.#edges = new Edges(link, options.clock)
    this.#stopReports = reportEdge(link, options.clock, () => this.#edge())
  }

  get link(): HubLinkState {
    return this.#link.state
  }

  get origin(): string {
    return this.#options.origin
  }

  source(plan: HubSourcePlan): Source {
    const { clock, log, wallClock } = this.#options
    return new HubSource(plan, {
      clock,
      log,
      wallClock,
      link: this.#link,
      announced: this.#announced,
      read: this.#read,
    })
  }

  publish(stream: Stream, name: string): () => void {
    const { origin, clock, wallClock } = this.#options
    const publisher = new StreamPublisher(stream, name, { link: this.#link, origin, clock, wallClock })
    const all = this.#published.get(stream.path) ?? []
    this.#published.set(stream.path, [...all, publisher])
    const end = () => this.#unpublish(stream.path, publisher)
    // Later than others that watch the stream are notified: its ring, which they read then, is cleared when it is not held any more.
    void stream.finished.then(end)
    return end
  }

  announced(): readonly AnnouncedStream[] {
    return this.#announced.list()
  }

  onAnnounced(listener: () => void): () => void {
    return this.#announced.onChange(listener)
  }

  published(streamPath: string): PublishedState | undefined {
    return this.#published.get(streamPath)?.[0]?.state
  }

  read(name: string): ReadState | undefined {
    return [...this.#read].find((source) => source.name === name)?.state
  }

  edges(): readonly EdgeState[] {
    return this.#edges.list()
  }

  countListeners(count: () => number): void {
    this.#listeners = count
  }

  async close(): Promise<void> {
    this.#stopReports()
    this.#announced.close()
    this.#edges.close()
    for (const publisher of [...this.#published.values()].flat()) publisher.end()
    await this.#link.close()
  }

  #unpublish(path: string, publisher: StreamPublisher): void {
    const others = (this.#published.get(path) ?? []).filter((one) => one !== publisher)
    publisher.end(others.some(({ name }) => name === publisher.name))
    if (others.length > 0) this.#published.set(path, others)
    else this.#published.delete(path)
  }

  /** What this program reports; undefined: it reads nothing from the hub. */
  #edge(): EdgeState | undefined {
    if (this.#read.size === 0) return undefined
    const hears = [...this.#read].flatMap(({ name, state }) =>
      state?.heard === undefined ? [] : [[name, state.heard]],
    )
    return { edge: this.origin, listeners: this.#listeners(), hears: Object.fromEntries(hears) }
  }
}
