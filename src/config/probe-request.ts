import type { Given } from './given.ts'
import { valueOfFlag } from './make-config.ts'
import { UsageError } from './usage-error.ts'

/** Request to listen to a stream, and to report what a listener gets. */
export interface ProbeRequest {
  /** Address of the stream, with its user and password, if any. */
  readonly url: string
  /** Time to listen, in milliseconds. */
  readonly listenMs: number
  /** Accept every certificate. */
  readonly insecure: boolean
  readonly format: 'text' | 'json'
}

const DEFAULT_LISTEN_MS = 10_000
/** Flags that have an effect beside `-probe`. */
const BESIDE = new Set(['probe', 'for', 'log-format', 'relay-insecure'])

/** Whether a command line, even an invalid one, asks for a probe. @param argv without the name of the program */
export function asksForProbe(argv: readonly string[]): boolean {
  const command = argv.findIndex((word) => /^--?exec$/.test(word))
  return argv.slice(0, command < 0 ? undefined : command).some((word) => /^--?probe(?:=|$)/.test(word))
}

/** @throws UsageError about a flag that has no effect with `-probe` */
export function probeRequest(values: Given['values']): ProbeRequest {
  const stray = [...values.keys()].find((flag) => !BESIDE.has(flag))
  if (stray !== undefined) {
    throw new UsageError(`-${stray}: cannot be combined with -probe, which serves nothing`, stray, undefined)
  }
  return {
    url: valueOfFlag('probe', values) as string,
    listenMs: (valueOfFlag('for', values) as number | undefined) ?? DEFAULT_LISTEN_MS,
    insecure: valueOfFlag('relay-insecure', values) as boolean,
    format: valueOfFlag('log-format', values) as ProbeRequest['format'],
  }
}
