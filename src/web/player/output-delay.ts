/** Properties of an audio context that tell how late its sound is heard, in seconds. */
interface Latencies {
  readonly baseLatency: number
  readonly outputLatency: number
}

/**
 * Delay between a context and the ear, as far as the browser reports it, in milliseconds. Safari does not report all of it. Firefox
 * computes it while it locks what its audio thread waits for, and in five of six starts both waited for good, so there it is the
 * latency of the browser alone.
 */
export function outputMs(context: Latencies, isFirefox: boolean): number {
  const latency = isFirefox ? context.baseLatency : context.outputLatency || context.baseLatency
  return latency * 1000
}
