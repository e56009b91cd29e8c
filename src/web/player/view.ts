import { distanceText } from '../shared/distance-text.ts'
import { element, setText } from '../shared/element.ts'
import { createSoundView } from './sound-view.ts'
import { type Situation, wordsFor } from './words.ts'

/** State shown by the page. */
interface Shown {
  readonly situation: Situation
  readonly title: string
  readonly format: string
  /** Undefined: not known. */
  readonly listeners: number | undefined
  /** In milliseconds, both; see StreamPlayer. */
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
/** Length from which a title has smaller letters, in characters. */
const LONG = 56
/** Delay below which no number is shown in plain words, in milliseconds. */
const SHORT_MS = 950
/** Minimum excess delay worth an interruption of the sound, in milliseconds. */
const WORTH_MS = 200

/** @param name of the stream, for the window's title. @param stopWord label of the button while it plays */
export function createView(name: string, stopWord: string): View {
  const play = element('#play', HTMLButtonElement)
  const toLive = element('#live', HTMLButtonElement)
  const state = element('#state', HTMLElement)
  const title = element('#title', HTMLElement)
  const format = element('#format', HTMLElement)
  const listeners = element('#listeners', HTMLElement)
  const forStream = [element('.elsewhere', HTMLElement), element('#share', HTMLElement)]
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
      title.toggleAttribute('data-long', what.title.length > LONG)
      setText(title, what.title.replace(/ (?=[-–—] )/, '\u00a0'))
      setText(format, what.format)
      setText(listeners, listenerWords(what.listeners))
      const isStarted = what.situation.play !== 'stopped' && what.situation.play !== 'refused'
      play.toggleAttribute('data-started', isStarted)
      play.disabled = !isStarted && !mayPlay(what.situation)
      for (const one of forStream) one.hidden = what.situation.stream === 'absent'
      play.setAttribute('aria-label', isStarted ? stopWord : 'Play')
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
  const exact = element('#exact', HTMLElement)
  return (behindMs, keptMs) => {
    delay.hidden = behindMs === undefined
    if (behindMs === undefined) return
    setText(behind, `${behindMs < SHORT_MS ? 'Less than a second' : distanceText(behindMs)} behind live`)
    setText(exact, `${inSteps(behindMs)} ms${keptMs === undefined ? '' : `, target ${inSteps(keptMs)} ms`}`)
    toLive.disabled = keptMs !== undefined && behindMs - keptMs < WORTH_MS
  }
}

function listenerWords(count: number | undefined): string {
  return count === undefined ? '' : `${count.toLocaleString('en')} ${count === 1 ? 'listener' : 'listeners'}`
}

/** A player that receives no sound has no delay, unless it continues at a certain place. */
function hasDelay({ play, stream, isBehind }: Situation): boolean {
  return isBehind === true || play === 'playing' || (play !== 'stopped' && play !== 'refused' && stream === 'live')
}

/** Whether the stream can be played, as far as is known. */
function mayPlay({ stream, isPlayable }: Situation): boolean {
  return isPlayable && stream !== 'absent' && stream !== 'ended'
}

function inSteps(ms: number): string {
  return String(Math.round(ms / STEP_MS) * STEP_MS)
}
