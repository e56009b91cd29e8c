/** Listens to a stream as a listener does, and reports what it gets. */

/** What to listen to. */
export interface ProbeOptions {
  /** Address of the stream, with its user and password, if any. */
  readonly url: string
  /** Time to listen, in milliseconds. */
  readonly listenMs: number
  /** Accept every certificate. */
  readonly insecure: boolean
  readonly format: 'text' | 'json'
}

/** Prints the report. @returns the exit code: 0 good, 1 faulty, 2 nothing to hear */
export async function probe({ url }: ProbeOptions): Promise<number> {
  throw new Error(`not built yet: ${url}`)
}
