import { element } from '../shared/element.ts'
import type { Scale } from './scale.ts'

/** Durations that can be saved, in seconds, as a query and as text. */
const SPANS = [
  { s: 30, query: '30s', text: '30 s' },
  { s: 120, query: '2m', text: '2 min' },
  { s: 600, query: '10m', text: '10 min' },
]
/** Step of the distance from live, in milliseconds: the links do not change with each measurement. */
const STEP_MS = 500

/**
 * Adds links to clips of what has just been heard.
 * @param clip address of clips of the stream
 * @returns a function that lets the links end at what is heard, and shows those that the server has the sound for
 */
export function createSaveLinks(clip: string): (scale: Scale) => void {
  const place = element('#save', HTMLElement)
  const links = SPANS.map(({ s, query, text }) => ({ s, query, link: linkOf(text) }))
  place.append(...links.map(({ link }) => link))
  return ({ reachMs, behindMs }) => {
    place.hidden = false
    const heardMs = Math.round(behindMs / STEP_MS) * STEP_MS
    for (const [i, { s, query, link }] of links.entries()) {
      // The first one is less than it says when the stream has just begun.
      link.hidden = i > 0 && heardMs + s * 1000 > reachMs
      link.href = `${clip}${clip.includes('?') ? '&' : '?'}ago=${heardMs + s * 1000}ms&for=${query}`
    }
  }
}

function linkOf(text: string): HTMLAnchorElement {
  const link = document.createElement('a')
  link.className = 'button'
  link.download = ''
  link.textContent = text
  link.setAttribute('aria-label', `Save the last ${text}`)
  return link
}
