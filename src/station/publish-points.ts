import type { StreamPlan } from '../plan/stream-plan.ts'
import { PushSource } from '../source/push.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import { faultOfPath, isBelow } from '../text/stream-path.ts'
import { isPagePath } from './page-paths.ts'
import { PublishedStream } from './published-stream.ts'
import { PublisherPlace } from './publisher-place.ts'
import type { Publication, Publisher, Publishing, PublishPoint, PublishRefusal } from './publishing.ts'
import type { Registry, Station } from './station.ts'

/**
 * Maximum number of streams below wildcards. An idle one takes under 30 kB, so publishers that invent paths take 30 MB at most. A new
 * stream replaces the one that has been without publisher and listeners for longest.
 */
const MAX_STREAMS = 1_000

/** What the publish points are made of. */
export interface PublishParts {
  /** The configured streams. */
  readonly registry: Registry
  /** Returns the current plans of published streams, the longest wildcard first. */
  readonly plans: () => readonly StreamPlan[]
  /** Makes a stream below a wildcard. */
  readonly create: (plan: StreamPlan, source: PushSource) => Stream
  /** Browsers may publish, also where programs may not. */
  readonly hasBrowsers: boolean
  readonly clock: Clock
}

/** The publish points of the configured streams and of the wildcards, and the station of the streams below wildcards. */
export class PublishPoints implements Publishing, Station {
  readonly #parts: PublishParts
  /** Streams below wildcards, by path. */
  readonly #published = new Map<string, PublishedStream>()
  /** Places of configured streams. */
  readonly #places = new WeakMap<Stream, PublisherPlace>()

  constructor(parts: PublishParts) {
    this.#parts = parts
  }

  async find(path: string): Promise<Stream | undefined> {
    return this.#published.get(path)?.stream
  }

  *streams(): Iterable<Stream> {
    for (const { stream } of this.#published.values()) yield stream
  }

  points(): readonly PublishPoint[] {
    return Array.from(this.#parts.registry.entries(), ({ plan }) => this.#configured(plan.path) ?? []).flat()
  }

  async at(path: string): Promise<PublishPoint | PublishRefusal> {
    const configured = this.#configured(path)
    if (configured !== undefined) return configured
    const { registry } = this.#parts
    if (registry.get(path) !== undefined || (await registry.findConfigured(path)) !== undefined) {
      return 'this stream has a source of its own'
    }
    const isDirectory = path !== '/' && path.endsWith('/')
    if (isDirectory || faultOfPath(path) !== undefined) return 'the path is not valid'
    if (isPagePath(path)) return 'a page has this path'
    return this.#below(path) ?? 'there is no stream to publish at this path'
  }

  /** Applies changed plans to the streams that are published. */
  renew(): void {
    for (const { stream } of this.#published.values()) {
      const plan = this.#planOf(stream.path)
      if (plan !== undefined) stream.change(plan)
    }
  }

  /** Returns the point of a configured stream; undefined when it has another source. */
  #configured(path: string): PublishPoint | undefined {
    for (const stream of this.#parts.registry.get(path)?.streams() ?? []) {
      const { source, plan } = stream
      if (!(source instanceof PushSource)) continue
      const place = this.#places.get(stream) ?? new PublisherPlace(stream, source, this.#parts.clock)
      this.#places.set(stream, place)
      return pointOf(
        plan,
        () => place,
        () => place,
      )
    }
    return undefined
  }

  #below(path: string): PublishPoint | undefined {
    const plan = this.#planOf(path)
    if (plan === undefined || (plan.publish === undefined && !this.#parts.hasBrowsers)) return undefined
    return pointOf(
      plan,
      () => this.#published.get(path)?.place,
      () => this.#placeAt(path, plan),
    )
  }

  #planOf(path: string): StreamPlan | undefined {
    const found = this.#parts.plans().find((plan) => isBelow(plan.path, path))
    return found && { ...found, path }
  }

  /** Returns the place of a stream below a wildcard, a new one if there is none. */
  #placeAt(path: string, plan: StreamPlan): PublisherPlace | PublishRefusal {
    const known = this.#published.get(path)
    if (known !== undefined) return known.place
    if (this.#published.size >= MAX_STREAMS && !this.#removeIdle()) return 'too many streams are published'
    const source = new PushSource('publishers')
    const gone = () => this.#published.delete(path)
    const published = new PublishedStream(this.#parts.create(plan, source), source, this.#parts.clock, gone)
    this.#published.set(path, published)
    return published.place
  }

  /** Removes the stream that has been idle for longest. @returns false when none is idle */
  #removeIdle(): boolean {
    let longest: { readonly stream: PublishedStream; readonly since: number } | undefined
    for (const stream of this.#published.values()) {
      const since = stream.idleSince
      if (since !== undefined && since < (longest?.since ?? Number.POSITIVE_INFINITY)) longest = { stream, since }
    }
    longest?.stream.remove('too many published streams')
    return longest !== undefined
  }
}

/** @param present place of the stream; undefined: it does not exist yet @param find returns the place, and makes it if necessary */
function pointOf(
  plan: StreamPlan,
  present: () => PublisherPlace | undefined,
  find: () => PublisherPlace | PublishRefusal,
): PublishPoint {
  return {
    path: plan.path,
    plan,
    rules: plan.publish,
    get publication(): Publication | undefined {
      return present()?.publication
    },
    publish(publisher: Publisher) {
      const place = find()
      return typeof place === 'string' ? place : place.publish(publisher, plan.publish?.timeoutMs ?? 0)
    },
  }
}
