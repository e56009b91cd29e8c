import type { Config } from './config.ts'

/** All options of the program and of its streams. */
export interface Configuration {
  /** Options of the command line and, where it has none, of the head of the file. */
  readonly config: Config
  /** In the order of the file. */
  readonly streams: readonly StreamSettings[]
  /** The file has sections. Without them there is one stream, at `/`. */
  readonly isStation: boolean
}

/** Options of a stream: those of its section and, where that has none, of the head of the file. */
export interface StreamSettings {
  /** See `StreamPlan`. */
  readonly path: string
  /** `main.conf:12`; undefined: the command line. */
  readonly place: string | undefined
  readonly config: Config
}
