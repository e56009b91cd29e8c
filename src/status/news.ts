import type { ListenerHistory, StatusNews, StatusReport, StreamNews, StreamStatus } from './report.ts'

/** Returns the first message for a subscriber: the whole report. */
export function allOf(report: StatusReport): StatusNews {
  return { whole: true, ...report }
}

/** Returns the changes of a report, for subscribers that have `before` or a later report. */
export function newsIn(report: StatusReport, before: StatusReport): StatusNews {
  const known = new Map(before.streams.map((stream) => [stream.path, stream]))
  return {
    whole: false,
    ...report,
    streams: report.streams.map((stream) => streamNews(stream, known.get(stream.path))),
  }
}

function streamNews(stream: StreamStatus, before: StreamStatus | undefined): StreamNews {
  if (before === undefined) return stream
  const { titles, ...others } = stream
  const { said, ...source } = stream.source
  return {
    ...others,
    ...(titles === before.titles ? {} : { titles }),
    source: said === before.source.said ? source : stream.source,
    history: pointsBehind(stream.history, before.history),
  }
}

function pointsBehind(now: ListenerHistory, before: ListenerHistory): ListenerHistory {
  const from = Math.max(now.from, before.from + before.listeners.length)
  return { ...now, from, listeners: now.listeners.slice(from - now.from) }
}
