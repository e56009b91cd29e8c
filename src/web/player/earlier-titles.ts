import { element } from '../shared/element.ts'
import type { Scale } from './scale.ts'

/** The list of titles whose sound the server still has, newest first. */
export interface EarlierTitles {
  /** @param isPossible the player can go back now */
  show(scale: Scale, isPossible: boolean): void
}

/** @param play called with the position at which a title begins. */
export function createEarlierTitles(play: (at: number) => void): EarlierTitles {
  const place = element('#earlier', HTMLElement)
  const list = element('#earlier ol', HTMLOListElement)
  let shown: Scale['titles'] = []
  /** One for each title; undefined: the title is not known. */
  let buttons: (HTMLButtonElement | undefined)[] = []
  return {
    show({ titles, newest, behindMs }, isPossible) {
      if (isOther(shown, titles)) {
        buttons = titles.map((title) => (title.text === '' ? undefined : buttonOf(title, play)))
        list.replaceChildren(
          ...buttons.flatMap((button) => (button === undefined ? [] : [itemOf(button)])).toReversed(),
        )
      }
      shown = titles
      place.hidden = !isPossible || list.childElementCount === 0
      const heard = titles.findLastIndex(({ from }) => from <= newest - behindMs)
      for (const [i, button] of buttons.entries()) button?.toggleAttribute('data-heard', i === heard)
    },
  }
}

type Title = Scale['titles'][number]

/** The oldest title may have begun before the oldest frame: its position is that of the frame, which changes. */
function isOther(before: readonly Title[], now: readonly Title[]): boolean {
  return (
    before.length !== now.length ||
    before.some(({ text, from }, i) => text !== now[i]?.text || (i > 0 && from !== now[i].from))
  )
}

function buttonOf({ text, from, agoMs }: Title, play: (at: number) => void): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  const time = document.createElement('time')
  const date = new Date(Date.now() - agoMs)
  time.dateTime = date.toISOString()
  time.textContent = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  const title = document.createElement('span')
  title.textContent = text
  button.append(time, title)
  button.addEventListener('click', () => play(from))
  return button
}

function itemOf(button: HTMLButtonElement): HTMLLIElement {
  const item = document.createElement('li')
  item.append(button)
  return item
}
