import type { PlayedTitle, PlayerRewind } from '../../endpoints/player/player-news.ts'
import { element } from '../shared/element.ts'

/** Titles of a stream, as they are now. */
export interface ShownTitles {
  /** The last ones, newest first. */
  readonly played: readonly PlayedTitle[]
  /** Those whose sound the server still has; undefined: the player cannot go back. */
  readonly rewind: PlayerRewind | undefined
  /** Delay of the audible sound, in milliseconds: newer titles are not shown yet. */
  readonly behindMs: number
}

/** The list of the last titles, newest first. The page loads it with the first title. */
export interface TitleList {
  show(titles: ShownTitles): void
}

/** A line of the list. */
interface Line {
  readonly text: string
  readonly agoMs: number
  /** Position at which its sound begins; undefined: the sound is gone, or the player cannot go back. */
  readonly from?: number
}

/** Width of the window from which the list has a column of its own, as in page.css. */
const WIDE = '(min-width: 56rem)'
/** Difference up to which two ages are those of one title, in milliseconds: the first frame may follow its title. */
const SAME_MS = 3_000

/** @param play called with the position at which a title begins. */
export function createTitleList(play: (at: number) => void): TitleList {
  const place = element('#titles', HTMLDetailsElement)
  const list = element('#titles ol', HTMLOListElement)
  let shown: readonly Line[] = []
  place.open = matchMedia(WIDE).matches
  return {
    show(titles) {
      const lines = linesOf(titles)
      if (isOther(shown, lines)) list.replaceChildren(...lines.map((line) => itemOf(line, play)))
      shown = lines
      place.hidden = lines.length === 0
      // A title in the past stays in the list below those that follow it, which have their own sound.
      const heard = lines.findIndex(({ agoMs }) => agoMs >= titles.behindMs)
      for (const [i, item] of [...list.children].entries()) item.toggleAttribute('data-heard', i === heard)
    },
  }
}

function linesOf({ played, rewind, behindMs }: ShownTitles): readonly Line[] {
  if (rewind === undefined) {
    return played.filter(({ agoMs }) => agoMs >= behindMs)
  }
  const reachable = rewind.titles.filter(({ text }) => text !== '').toReversed()
  const [oldest] = reachable.slice(-1)
  const gone = played.filter(
    ({ text, agoMs }) => agoMs > rewind.reachMs + SAME_MS && !(text === oldest?.text && oldest.agoMs >= rewind.reachMs),
  )
  return [...reachable, ...gone]
}

/** The oldest title with sound may have begun before the oldest frame: its position is that of the frame, which changes. */
function isOther(before: readonly Line[], now: readonly Line[]): boolean {
  const oldest = now.findLastIndex(({ from }) => from !== undefined)
  return (
    before.length !== now.length ||
    before.some(({ text, from }, i) => {
      const other = now[i]
      if (text !== other?.text || (from === undefined) !== (other.from === undefined)) return true
      return i !== oldest && from !== other.from
    })
  )
}

function itemOf({ text, from, agoMs }: Line, play: (at: number) => void): HTMLLIElement {
  const item = document.createElement('li')
  const time = document.createElement('time')
  const date = new Date(Date.now() - agoMs)
  time.dateTime = date.toISOString()
  time.textContent = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  const title = document.createElement('span')
  title.textContent = text
  if (from === undefined) item.append(time, title)
  else item.append(buttonOf(from, play, time, title))
  return item
}

function buttonOf(from: number, play: (at: number) => void, ...content: readonly Node[]): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.append(...content)
  button.addEventListener('click', () => play(from))
  return button
}
