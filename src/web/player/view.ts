import { element, setText } from '../shared/element.ts'
import { createSoundView } from './sound-view.ts'
import { type Situation, wordsFor } from './words.ts'

/** State shown by the page. */
interface Shown {
  readonly situation: Situation
  readonly title: string
  readonly format: string
  /** In milliseconds, both; undefined: not known. */
  readonly behindMs: number | undefined
  readonly keptMs: number | undefined
  /** Analyses the audible sound; undefined: not possible. */
  readonly analyser: AnalyserNode | undefined
}

export interface View {
  readonly play: HTMLButtonElement
  readonly toLive: HTMLButtonElement
  show(what: Shown): void
}

/** Step of displayed delays, in milliseconds: single milliseconds are unreadable. */
const STEP_MS = 10
/** Minimum excess delay worth an interruption of the sound, in milliseconds. */
const WORTH_MS = 200

/** @param name of the stream, for the window's title. */
export function createView(name: string): View {
  const play = element('#play', HTMLButtonElement)
  const toLive = element('#live', HTMLButtonElement)
  const state = element('#state', HTMLElement)
  const title = element('#title', HTMLElement)
  const format = element('#format', HTMLElement)
  const elsewhere = element('.elsewhere', HTMLElement)
  const showDelay = createDelayView(toLive)
  const showSound = createSoundView()
  return {
    play,
    toLive,
    show(what) {
      const { tone, text } = wordsFor(what.situation)
      state.dataset['state'] = tone
      setText(state, text)
      // A no-break space keeps a dash on the line of the word before it.
      setText(title, what.title.replace(/ (?=[-–—] )/, '\u00a0'))
      setText(format, what.format)
      const isStarted = what.situation.play !== 'stopped' && what.situation.play !== 'refused'
      play.toggleAttribute('data-started', isStarted)
      play.disabled = !isStarted && !mayPlay(what.situation)
      elsewhere.hidden = what.situation.stream === 'absent'
      play.setAttribute('aria-label', isStarted ? 'Stop' : 'Play')
      document.title = isStarted && what.title !== '' ? `${what.title} – ${name}` : name
      const isSounding = what.situation.play === 'playing'
      showDelay(hasDelay(what.situation) ? what.behindMs : undefined, what.keptMs)
      showSound(isSounding ? what.analyser : undefined)
    },
  }
}

function createDelayView(
  toLive: HTMLButtonElement,
): (behindMs: number | undefined, keptMs: number | undefined) => void {
  const delay = element('#delay', HTMLElement)
  const behind = element('#behind', HTMLElement)
  const kept = element('#kept', HTMLElement)
  return (behindMs, keptMs) => {
    delay.hidden = behindMs === undefined || keptMs === undefined
    if (behindMs === undefined || keptMs === undefined) return
    setText(behind, `${inSteps(behindMs)} ms behind live`)
    setText(kept, `target ${inSteps(keptMs)} ms`)
    toLive.disabled = behindMs - keptMs < WORTH_MS
  }
}

/** A player that receives no sound has no delay. */
function hasDelay({ play, stream }: Situation): boolean {
  return play === 'playing' || (play !== 'stopped' && play !== 'refused' && stream === 'live')
}

/** Whether the stream can be played, as far as is known. */
function mayPlay({ stream, isPlayable }: Situation): boolean {
  return isPlayable && stream !== 'absent' && stream !== 'ended'
}

function inSteps(ms: number): string {
  return String(Math.round(ms / STEP_MS) * STEP_MS)
}
