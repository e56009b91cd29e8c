import { configureSync, getLogger, type Logger } from '@logtape/logtape'
import type { PostedRecord } from './messages.ts'

/** A log whose records go to the main thread. */
export function createThreadLog(thread: number, debug: boolean, post: (record: PostedRecord) => void): Logger {
  configureSync({
    sinks: {
      main: ({ level, timestamp, message, properties }) =>
        post({ level, timestamp, message: message.join(''), properties }),
    },
    loggers: [
      { category: 'streamserve', sinks: ['main'], lowestLevel: debug ? 'debug' : 'info' },
      { category: ['logtape', 'meta'], sinks: ['main'], lowestLevel: 'error' },
    ],
  })
  return getLogger('streamserve').with({ thread })
}
