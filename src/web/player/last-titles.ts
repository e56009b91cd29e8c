import type { PlayedTitle, PlayerNews, PlayerRewind } from '../../endpoints/player/player-news.ts'
import { loadPart } from '../shared/load-part.ts'
import type { TitleList } from './titles.part.ts'

/** The last titles of a stream, of which many streams have none. */
export interface LastTitles {
  update(news: PlayerNews): void
  /** @param behindMs delay of the audible sound, in milliseconds. @param isPossible the player can go back now */
  show(behindMs: number, isPossible: boolean): void
}

/** Loads the list with the first title. @param play called with the position at which a title begins. */
export function createLastTitles(play: (at: number) => void): LastTitles {
  let played: readonly PlayedTitle[] = []
  let rewind: PlayerRewind | undefined
  let at = 0
  let list: TitleList | undefined
  let isLoading = false
  const load = async () => {
    isLoading = true
    const { createTitleList } = await loadPart<typeof import('./titles.part.ts')>('titles')
    list = createTitleList(play)
  }
  return {
    update(news) {
      rewind = news.rewind
      if (news.played === undefined) return
      played = news.played
      at = performance.now()
      if (played.length > 0 && !isLoading) void load()
    },
    show(behindMs, isPossible) {
      const olderMs = performance.now() - at
      list?.show({
        played: played.map(({ text, agoMs }) => ({ text, agoMs: agoMs + olderMs })),
        rewind: isPossible ? rewind : undefined,
        behindMs,
      })
    },
  }
}
