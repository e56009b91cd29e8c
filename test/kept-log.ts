import { configureSync, getLogger, type Logger, type LogRecord } from '@logtape/logtape'

/** A log that a test can read. */
export interface KeptLog {
  readonly logger: Logger
  readonly records: readonly LogRecord[]
  /** Logged lines with their level: `info source opened`. */
  lines(): string[]
}

/** Captures everything logged from now on, including debug messages; only one at a time in a test file. */
export function keepLog(): KeptLog {
  const records: LogRecord[] = []
  configureSync({
    reset: true,
    sinks: { kept: (record) => void records.push(record) },
    loggers: [
      { category: 'test', sinks: ['kept'], lowestLevel: 'debug' },
      { category: ['logtape', 'meta'], sinks: [], lowestLevel: 'error' },
    ],
  })
  return {
    logger: getLogger('test'),
    records,
    lines: () => records.map(({ level, message }) => `${level} ${message.join('')}`),
  }
}
