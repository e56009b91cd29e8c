import type { Logger } from '@logtape/logtape'
import type { Clock } from './clock.ts'

/** What every part of the program needs from its surroundings. Tests replace both. */
export interface Runtime {
  readonly clock: Clock
  readonly log: Logger
}
