import type { Logger } from '@logtape/logtape'
import type { SourceClosed, SourceFailedRepeatedly } from '../source/supervise/source-event.ts'
import type { Emitter } from '../system/emitter.ts'
import { formatDuration } from '../text/duration.ts'
import type { ListenerConnected, ListenerDisconnected, StreamEvent } from './stream-event.ts'

/** Logs the events of a stream, each as one line. @param log has the stream as a field. */
export function logEvents(events: Pick<Emitter<StreamEvent>, 'subscribe'>, log: Logger): void {
  events.subscribe((event) => {
    // A delivery thread logs the events of its listeners itself.
    if (!('thread' in event)) logEvent(event, log)
  })
}

function logEvent(event: StreamEvent, log: Logger): void {
  switch (event.kind) {
    case 'source opened':
      return log[levelOf(event)]('source opened', { source: event.source, ...event.about })
    case 'source waiting':
      return log[levelOf(event)]('source waiting', { source: event.source, ...event.about, waitsFor: event.waitsFor })
    case 'source recovered':
      return log.info('source opened', { source: event.source, ...event.about, failures: event.failures })
    case 'source closed':
      return logClosed(event, log)
    case 'source failed repeatedly':
      return logRepeats(event, log)
    case 'listener disconnected':
      return logDisconnected(event, log)
    case 'listener connected':
      return logConnected(event, log)
    case 'format found':
      return log.info('format found', { format: event.format, contentType: event.contentType })
    case 'format changed':
      return log.info('format changed', { format: event.format })
    case 'title changed':
      return log.info('title changed', { title: event.title })
    case 'silence began':
      return log.warn('silence began', { level: `${event.level.toFixed(1)} dBFS`, time: seconds(event.ms) })
    case 'silence ended':
      return log.info('silence ended', { time: seconds(event.ms) })
    case 'file recorded':
      return log.info('file recorded', { file: event.file, bytes: event.bytes, time: seconds(event.ms) })
    case 'publisher connected':
      return log.info('publisher connected', { client: event.client, user: event.user, agent: event.agent })
    case 'publisher disconnected':
      return log.info('publisher disconnected', {
        client: event.client,
        user: event.user,
        agent: event.agent,
        reason: event.reason,
      })
  }
}

/** The log has an opening in detail only, while a source keeps failing. */
function levelOf({ isFolded }: { readonly isFolded: boolean }): 'info' | 'debug' {
  return isFolded ? 'debug' : 'info'
}

function logClosed(
  { source, about, livedMs, bytes, reason, failed, isFolded, stderr }: SourceClosed,
  log: Logger,
): void {
  const values = { source, ...about, uptime: seconds(livedMs), bytes, reason }
  if (isFolded) log.debug('source closed', values)
  else if (failed) log.warn('source closed', { ...values, stderr })
  else log.info('source closed', values)
}

function logRepeats({ source, failures, reason, failed, stderr, nextMs }: SourceFailedRepeatedly, log: Logger): void {
  const nextReport = formatDuration(nextMs)
  log.warn(failed ? 'source failed repeatedly' : 'source ended repeatedly', {
    source,
    failures,
    reason,
    stderr,
    nextReport,
  })
}

function logConnected({ client, proxy, agent, over, user }: ListenerConnected, log: Logger): void {
  log.info('listener connected', { client, proxy, agent, over, user })
}

function logDisconnected({ client, ms, bytes, frames, skipped, reason }: ListenerDisconnected, log: Logger): void {
  log.info('listener disconnected', { client, time: seconds(ms), bytes, frames, skipped, reason })
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)}s`
}
