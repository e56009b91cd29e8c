import type { Given } from './given.ts'
import type { StreamReference } from './kinds/stream-path.ts'
import { valueOfFlag } from './make-config.ts'
import { entryOf } from './references.ts'
import type { Configuration } from './settings.ts'
import { quoted, UsageError } from './usage-error.ts'

/** Request for a signed link. */
export interface SignRequest {
  readonly stream: StreamReference
  readonly key: string
  /** Time for which the link is valid, in milliseconds. */
  readonly validMs: number
}

const DAY_MS = 86_400_000

/** @throws UsageError when the stream does not exist, or has no key */
export function signRequest(values: Given['values'], { streams, isStation }: Configuration): SignRequest {
  const stream = valueOfFlag('sign', values) as StreamReference
  const validMs = (valueOfFlag('for', values) as number | undefined) ?? DAY_MS
  const entry = isStation ? entryOf(stream.path, streams) : streams[0]?.path
  const found = streams.find(({ path }) => path === entry)
  const refuse = (why: string) => new UsageError(`-sign ${quoted(stream.path)}: ${why}`, 'sign', stream.path)
  if (found === undefined) throw refuse('there is no stream at this path')
  const { listenKey: key } = found.config
  if (key === undefined) throw refuse('needs -listen-key, the key with which the server checks links')
  return { stream, key, validMs }
}
