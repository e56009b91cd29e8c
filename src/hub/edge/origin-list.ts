import { Origin } from './origin.ts'

/** Origins of a stream that are known at a time. */
const MAX_ORIGINS = 8
/** Time without a message after which an origin may be forgotten for another one, and is forgotten, in milliseconds. */
const REPLACEABLE_MS = 5_000
const FORGOTTEN_MS = 60_000
/** Age of the newest frames of an origin that has frames now, in milliseconds. */
const FRESH_MS = 150

/** The origins of a stream whose messages have arrived. */
export class OriginList {
  readonly #origins = new Map<string, Origin>()

  all(): Iterable<Origin> {
    return this.#origins.values()
  }

  /**
   * Returns an origin by its name, a new one where it is not known.
   * @param kept the one that is not forgotten @returns undefined when there are too many
   */
  of(name: string, now: number, kept: Origin | undefined, create: () => Origin): Origin | undefined {
    const known = this.#origins.get(name)
    if (known !== undefined) return known
    this.#forget(now, kept)
    if (this.#origins.size >= MAX_ORIGINS) return undefined
    const origin = create()
    this.#origins.set(name, origin)
    return origin
  }

  /** Returns those that have frames now, those without a lag first. @param heard is left out */
  fresh(now: number, heard: Origin | undefined): readonly Origin[] {
    const lagOf = ({ lag }: Origin) => lag.at(now) ?? 0
    return [...this.all()]
      .filter(({ newAt, allowanceMs }) => now - newAt < FRESH_MS + allowanceMs)
      .filter((origin) => origin !== heard)
      .toSorted((one, other) => lagOf(one) - lagOf(other))
  }

  /** Ends their timers. */
  close(): void {
    for (const origin of this.all()) origin.cancelHold?.()
  }

  #forget(now: number, kept: Origin | undefined): void {
    const limit = this.#origins.size >= MAX_ORIGINS ? REPLACEABLE_MS : FORGOTTEN_MS
    for (const origin of this.all()) {
      if (origin === kept || now - origin.seenAt < limit) continue
      origin.cancelHold?.()
      this.#origins.delete(origin.name)
    }
  }
}
