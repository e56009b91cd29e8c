import type { ListenerHistory, StatusNews, StatusReport, StreamNews, StreamStatus } from '../../status/report.ts'

/** Returns the report after some news. @returns undefined before the first whole report */
export function merge(known: StatusReport | undefined, news: StatusNews): StatusReport | undefined {
  if (news.whole) return news
  if (known === undefined) return undefined
  const before = new Map(known.streams.map((stream) => [stream.path, stream]))
  return { ...news, streams: news.streams.map((stream) => mergeStream(before.get(stream.path), stream)) }
}

function mergeStream(known: StreamStatus | undefined, news: StreamNews): StreamStatus {
  const said = news.source.said ?? known?.source.said ?? []
  return {
    ...news,
    titles: news.titles ?? known?.titles ?? [],
    source: { ...news.source, said },
    history: mergeHistory(known?.history, news.history),
  }
}

/** Adds new points; known ones may be sent again. */
function mergeHistory(known: ListenerHistory | undefined, news: ListenerHistory): ListenerHistory {
  const isNext = known !== undefined && news.from >= known.from && news.from <= known.from + known.listeners.length
  if (!isNext) return news
  const listeners = [...known.listeners.slice(0, news.from - known.from), ...news.listeners]
  const most = 3_600 / news.everySeconds
  const listenersLeft = listeners.slice(-most)
  return { ...news, from: known.from + listeners.length - listenersLeft.length, listeners: listenersLeft }
}
