import {
  configureSync,
  getJsonLinesFormatter,
  getLogger,
  getTextFormatter,
  type Logger,
  type LogRecord,
} from '@logtape/logtape'
import sonicBoom from 'sonic-boom'
import { printable } from './printable.ts'

/** Lines that whoever reads the log has not taken; more are dropped rather than waited for. In bytes. */
const MAX_WAITING_BYTES = 1024 * 1024
const STANDARD_OUTPUT = 1

/** Logs to standard output, to the last line before the exit: for a person to read, or as JSON objects for a program. */
export function createLog(format: 'text' | 'json', debug: boolean): Logger {
  const output = new sonicBoom.SonicBoom({ fd: STANDARD_OUTPUT, sync: false, maxLength: MAX_WAITING_BYTES })
  // A log that nobody can read any more is no reason to stop streaming.
  output.on('error', () => {})
  const toLine = format === 'json' ? getJsonLinesFormatter({ message: 'rendered' }) : textFormatter()
  configureSync({
    sinks: { output: (record) => void output.write(toLine(record)) },
    loggers: [
      { category: 'streamserve', sinks: ['output'], lowestLevel: debug ? 'debug' : 'info' },
      { category: ['logtape', 'meta'], sinks: ['output'], lowestLevel: 'error' },
    ],
  })
  process.on('exit', () => {
    try {
      output.flushSync()
    } catch {
      // See above.
    }
  })
  return getLogger('streamserve')
}

/** Time, level, what, values: `2026-01-31 12:00:00.000 INFO  listener came  stream=/ client=192.0.2.7:5000`. */
function textFormatter(): (record: LogRecord) => string {
  return getTextFormatter({
    timestamp: 'date-time',
    level: 'FULL',
    format: ({ timestamp, level, message, record }) => `${timestamp} ${level.padEnd(7)} ${message}${valuesOf(record)}`,
  })
}

function valuesOf({ properties }: LogRecord): string {
  const values = Object.entries(properties).filter(([, value]) => value !== undefined)
  return values.map(([name, value]) => ` ${name}=${quoted(String(value))}`).join('')
}

/** What is no plain word is quoted as in JSON, so that no value can look like another line or value. */
function quoted(value: string): string {
  return /^[\w.,:;/@%+*[\]()~-]+$/.test(value) ? value : printable(JSON.stringify(value))
}
