import type { PlayerNews, PlayerRewind, SentNews } from '../../endpoints/player/player-news.ts'

/** Keeps the titles of the past, which the server sends only when there is another one. */
export interface PastTitles {
  /** Returns news with the titles of the past, as old as they are now. @param now in milliseconds */
  complete(news: SentNews, now: number): PlayerNews
}

export function createPastTitles(): PastTitles {
  let line: string | undefined
  let kept: PlayerRewind['titles'] = []
  let at = 0
  return {
    complete({ rewind, ...news }, now) {
      if (rewind === undefined) return news
      if (rewind.titles !== undefined || news.time?.line !== line) {
        kept = rewind.titles ?? []
        at = now
      }
      line = news.time?.line
      const { reachMs } = rewind
      return { ...news, rewind: { reachMs, titles: within(reachMs, kept, now - at) } }
    },
  }
}

/** Returns the titles of frames that are still there; the first one may have begun before. */
function within(reachMs: number, titles: PlayerRewind['titles'], olderMs: number): PlayerRewind['titles'] {
  const now = titles.map(({ text, from, agoMs }) => ({ text, from, agoMs: agoMs + olderMs }))
  const first = Math.max(
    0,
    now.findLastIndex(({ agoMs }) => agoMs >= reachMs),
  )
  return now.slice(first).map(({ text, from, agoMs }) => ({ text, from, agoMs: Math.min(agoMs, reachMs) }))
}
