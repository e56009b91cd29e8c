import {
  configureSync,
  getAnsiColorFormatter,
  getJsonLinesFormatter,
  getLogger,
  getTextFormatter,
  type Logger,
  type LogRecord,
  type TextFormatterOptions,
} from '@logtape/logtape'
import { logValue } from '../text/log-value.ts'
import { printable } from '../text/printable.ts'
import { isoTime } from '../text/utc-time.ts'
import type { Output } from './output.ts'

/** Logs to standard output: for a person to read, or as JSON objects for a program. */
export function createLog(format: 'text' | 'json', debug: boolean, output: Output): Logger {
  const hasColours = output.isTerminal && allowsColours(process.env)
  const toLine = format === 'json' ? getJsonLinesFormatter({ message: 'rendered' }) : textFormatter(hasColours)
  configureSync({
    sinks: { output: (record) => output.write(toLine(fitForLog(record))) },
    loggers: [
      { category: 'streamserve', sinks: ['output'], lowestLevel: debug ? 'debug' : 'info' },
      { category: ['logtape', 'meta'], sinks: ['output'], lowestLevel: 'error' },
    ],
  })
  return getLogger('streamserve')
}

/** Makes a value safe: it may be from a client, a file or a program. */
function fitForLog(record: LogRecord): LogRecord {
  const values = Object.entries(record.properties).map(([name, value]) => [name, logValue(value)])
  return { ...record, properties: Object.fromEntries(values) }
}

/** Time, level, message, values: `2026-01-31 12:00:00.000 INFO  listener connected  stream=/ client=192.0.2.7:5000`. */
function textFormatter(hasColours: boolean): (record: LogRecord) => string {
  const options: TextFormatterOptions = {
    timestamp: (ms) => isoTime(ms).replace('T', ' ').slice(0, -1),
    level: (level) => level.toUpperCase().padEnd(7),
    format: ({ timestamp, level, message, record }) => `${timestamp} ${level} ${message}${valuesOf(record)}`,
  }
  return hasColours ? getAnsiColorFormatter(options) : getTextFormatter(options)
}

/** The user may forbid colours (no-color.org), and some terminals have none. */
function allowsColours({ NO_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  return (NO_COLOR ?? '') === '' && TERM !== 'dumb'
}

function valuesOf({ properties }: LogRecord): string {
  const values = Object.entries(properties).filter(([, value]) => value !== undefined)
  return values.map(([name, value]) => ` ${name}=${quoted(String(value))}`).join('')
}

/** Quotes a value that is not a plain word as in JSON, so that it cannot look like another line or value. */
function quoted(value: string): string {
  return /^[\w.,:;/@%+*[\]()~-]+$/.test(value) ? value : printable(JSON.stringify(value))
}
