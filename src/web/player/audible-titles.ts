import type { PlayerNews } from '../../endpoints/player/player-news.ts'

type Title = NonNullable<PlayerNews['title']>

/** Title of the audible sound, which is behind the server's newest. */
export interface AudibleTitles {
  update(news: PlayerNews): void
  /** @param ear a moment of the stream; undefined: not known, and the newest title is right. */
  at(ear: number | undefined): string
}

/** Maximum number of titles kept: no player is further behind than this. */
const MOST = 16

export function createAudibleTitles(): AudibleTitles {
  let titles: Title[] = []
  let line: string | undefined
  return {
    update({ title, time, rewind }) {
      if (time?.line !== line) titles = []
      line = time?.line
      if (rewind !== undefined) {
        titles = [...rewind.titles]
        return
      }
      const isNews = title !== undefined && title.text !== titles.at(-1)?.text
      if (isNews) titles = [...titles.slice(1 - MOST), title]
    },
    at(ear) {
      const heard = ear === undefined ? undefined : titles.findLast(({ from }) => from <= ear)
      return (heard ?? (ear === undefined ? titles.at(-1) : titles[0]))?.text ?? ''
    },
  }
}
