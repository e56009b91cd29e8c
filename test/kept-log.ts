import { configureSync, getLogger, type Logger, type LogRecord } from '@logtape/logtape'

/** A log whose lines a test reads. */
export interface KeptLog {
  readonly logger: Logger
  readonly records: readonly LogRecord[]
  /** What was said, level by level: `info source opened`. */
  lines(): string[]
}

/** Keeps all that is logged from now on, details too; one at a time in a test file. */
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
