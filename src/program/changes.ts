import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../config/config.ts'

type Field = keyof Config

/** Options for responses: a change applies to new requests, and listeners stay. */
const ANSWERS: ReadonlySet<Field> = new Set<Field>([
  'name',
  'description',
  'genre',
  'url',
  'clientTimeout',
  'frameAncestors',
])
/** Options that are read once, before the program listens or when its threads start. */
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

/** Changes between two configurations. All fields in neither list are options of the stream. */
export interface Changes {
  readonly answers: boolean
  readonly stream: boolean
  /** Options that can only change at the next start, by their names in Config. */
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
