/**
 * Order in which servers are tried: by chance, so that clients spread over them, and then by turns, so that the one that was lost
 * is the last.
 */
export class ServerOrder {
  readonly #servers: string[]

  /** @param random returns a number from 0 to below 1 */
  constructor(servers: readonly string[], random: () => number) {
    this.#servers = servers
      .map((server) => ({ server, place: random() }))
      .toSorted((one, other) => one.place - other.place)
      .map(({ server }) => server)
  }

  get length(): number {
    return this.#servers.length
  }

  /** Returns the server to try now. */
  next(): string {
    const [server = '', ...others] = this.#servers.splice(0)
    this.#servers.push(...others, server)
    return server
  }
}
