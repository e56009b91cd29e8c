/** Why connections and requests are refused. */
export const REFUSAL_CAUSES = [
  'descriptors',
  'connections',
  'connections per address',
  'banned',
  'proxy protocol',
  'credentials',
  'too many attempts',
  'link',
  'callback',
  'listeners',
  'listeners per address',
  'connections per user',
  'publisher',
] as const
export type RefusalCause = (typeof REFUSAL_CAUSES)[number]

/** Counts a refusal. */
export type CountRefusal = (cause: RefusalCause) => void

/** Refusals of the whole process by cause. They are never reset. */
export class RefusalCounts {
  readonly #counts = new Map<RefusalCause, number>()

  readonly add: CountRefusal = (cause) => {
    this.#counts.set(cause, (this.#counts.get(cause) ?? 0) + 1)
  }

  /** Returns the causes that there were, with their numbers. */
  all(): ReadonlyMap<RefusalCause, number> {
    return this.#counts
  }
}
