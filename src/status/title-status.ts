import type { PlayedTitle } from '../stream/title-history.ts'
import type { TitleStatus } from './report.ts'
import { toldText } from './safe-text.ts'
import type { Moments } from './timestamps.ts'

/** Converts the titles that a stream has played. The same input array gives the same result, with the times computed first. */
type Played = (titles: readonly PlayedTitle[], moment: Moments) => readonly TitleStatus[]

export function createPlayed(): Played {
  const made = new WeakMap<readonly PlayedTitle[], readonly TitleStatus[]>()
  return (titles, moment) => {
    const known = made.get(titles)
    if (known !== undefined) return known
    const all = titles.map(({ text, since }) => ({ title: toldText(text), since: moment(since) }))
    made.set(titles, all)
    return all
  }
}
