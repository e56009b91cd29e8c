/**
 * Maximum number of comparisons that wait, of one network and of all: the last one waits for some 15 s where each takes 60 ms, which is
 * usual for bcrypt.
 */
const MAX_OF_NETWORK = 64
const MAX_WAITING = 256

/**
 * Comparisons that wait, by the network of their clients. The networks take turns, so that one that guesses passwords does not hold
 * up others.
 */
export class ComparisonQueue<Comparison> {
  /** In the order of their turns; none is empty. */
  readonly #ofNetworks = new Map<string, Comparison[]>()
  #size = 0

  /** Adds one. @param network see `networkOf` @returns false when too many wait */
  add(network: string, comparison: Comparison): boolean {
    const others = this.#ofNetworks.get(network)
    if (this.#size >= MAX_WAITING || (others?.length ?? 0) >= MAX_OF_NETWORK) return false
    if (others === undefined) this.#ofNetworks.set(network, [comparison])
    else others.push(comparison)
    this.#size++
    return true
  }

  /** Removes and returns the next one. */
  next(): Comparison | undefined {
    const [first] = this.#ofNetworks
    if (first === undefined) return undefined
    const [network, [next, ...others]] = first
    this.#ofNetworks.delete(network)
    if (others.length > 0) this.#ofNetworks.set(network, others)
    this.#size--
    return next
  }
}
