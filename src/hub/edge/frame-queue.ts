/** Bytes that may wait for a reader that pauses: 20 s of lossless sound. More than that are dropped. */
const MAX_BYTES = 4 * 1024 * 1024

/** Messages that wait to be read, opening by opening. */
export class FrameQueue {
  #payloads: { readonly payload: Buffer; readonly begins: boolean }[] = []
  #bytes = 0

  /** The next message begins an opening; undefined: none waits. */
  get begins(): boolean | undefined {
    return this.#payloads[0]?.begins
  }

  /** @param begins it does not follow the message before it @returns false when too much waits: the message is not added */
  add(payload: Buffer, begins: boolean): boolean {
    if (this.#bytes + payload.length > MAX_BYTES && this.#bytes > 0) return false
    this.#payloads.push({ payload, begins })
    this.#bytes += payload.length
    return true
  }

  /** Returns the messages that wait, up to the beginning of another opening, as one chunk; undefined: none waits. */
  take(): Buffer | undefined {
    const next = this.#payloads.findIndex(({ begins }, at) => begins && at > 0)
    const taken = this.#payloads.splice(0, next < 0 ? this.#payloads.length : next)
    const [first] = taken
    const chunk = taken.length > 1 ? Buffer.concat(taken.map(({ payload }) => payload)) : first?.payload
    this.#bytes -= chunk?.length ?? 0
    return chunk
  }

  clear(): void {
    this.#payloads = []
    this.#bytes = 0
  }
}
