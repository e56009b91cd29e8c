import type { StreamStatus } from '../../status/report.ts'
import { toldText } from '../../status/safe-text.ts'
import { momentsNow } from '../../status/timestamps.ts'
import { createPlayed } from '../../status/title-status.ts'
import type { Stream } from '../../stream/stream.ts'
import type { Clock } from '../../system/clock.ts'

/** Content of `/PATH.titles.json`: the last titles of a stream, newest first. */
interface TitleList extends Pick<StreamStatus, 'path' | 'name' | 'title' | 'titles'> {
  /** Address at which players get the stream. */
  readonly listen: string
}

/** @returns makes the list of a stream. @param listen see `TitleList` */
export function createTitleLists(clock: Clock): (stream: Stream, listen: string) => TitleList {
  const played = createPlayed()
  return ({ path, plan, titles, titleHistory }, listen) => ({
    path,
    name: plan.about.name === undefined ? null : toldText(plan.about.name),
    listen,
    title: toldText(titles.newest?.text ?? '') || null,
    titles: played(titleHistory.all, momentsNow(clock)),
  })
}
