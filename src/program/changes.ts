import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../config/config.ts'

type Field = keyof Config

/** What answers to requests are made of: new ones are, and nobody who listens notices. */
const ANSWERS: ReadonlySet<Field> = new Set<Field>([
  'name',
  'description',
  'genre',
  'url',
  'clientTimeout',
  'frameAncestors',
])
/** What is settled once, before the program listens or when its threads start. */
const SETTLED: ReadonlySet<Field> = new Set<Field>([
  'address',
  'uid',
  'cpuMax',
  'logFormat',
  'debug',
  'statLogInterval',
  'headerTimeout',
  'maxDelay',
  'burst',
  'clientMaxBytes',
  'sourceBuffer',
  'bufferMemory',
  'status',
  'talk',
  'liveToken',
  'tls',
  'tlsCert',
  'tlsKey',
])

/** What another configuration changes. All fields that are in neither list are of the stream. */
export interface Changes {
  readonly answers: boolean
  readonly stream: boolean
  /** What can only change at the next start, by the names of Config. */
  readonly settled: readonly Field[]
}

export function changesBetween(before: Config, after: Config): Changes {
  const fields = Object.keys(after) as Field[]
  const changed = fields.filter((field) => !isDeepStrictEqual(before[field], after[field]))
  return {
    answers: changed.some((field) => ANSWERS.has(field)),
    stream: changed.some((field) => !ANSWERS.has(field) && !SETTLED.has(field)),
    settled: changed.filter((field) => SETTLED.has(field)),
  }
}
