import { element, setText } from '../shared/element.ts'
import { type Situation, wordsFor } from './situation.ts'

/** State shown by the page, except levels and figures. */
export interface Shown {
  readonly situation: Situation
  /** The microphone is open. */
  readonly isOpen: boolean
  readonly isMuted: boolean
  /** The microphone is on only while the button or the space bar is held. */
  readonly isPushToTalk: boolean
  readonly isHeld: boolean
}

const main = element('main', HTMLElement)
const start = element('#start', HTMLButtonElement)
const hold = element('#hold', HTMLButtonElement)
const mute = element('#mute', HTMLButtonElement)
const leave = element('#leave', HTMLButtonElement)
const title = element('#title', HTMLElement)
const detail = element('#detail', HTMLElement)
const own = element('#own', HTMLElement)
const remedy = element('#remedy', HTMLElement)
const copy = element('#copy', HTMLButtonElement)
const another = element('#another', HTMLAnchorElement)
const settings = element('#settings', HTMLElement)

/** Phones have no space bar. */
const hasKeys = matchMedia('(any-hover: hover)').matches

/** Returns whether the microphone sends nothing. */
export function isSilent({ isMuted, isPushToTalk, isHeld }: Shown): boolean {
  return (isMuted || isPushToTalk) && !isHeld
}

export function show(shown: Shown): void {
  const { situation } = shown
  main.dataset['situation'] = situation.kind
  main.dataset['partner'] = situation.kind === 'connected' && situation.partnerMuted ? 'muted' : 'heard'
  main.dataset['own'] = isSilent(shown) ? 'silent' : 'heard'
  showWords(shown)
  showControls(shown)
}

function showWords(shown: Shown): void {
  const words = wordsFor(shown.situation)
  title.dataset['state'] = words.look
  setText(title, words.title)
  setText(detail, words.detail)
  setText(own, shown.isOpen ? ownWords(shown) : '')
  remedy.hidden = !needsHttps(shown.situation)
}

function ownWords({ isMuted, isPushToTalk, isHeld }: Shown): string {
  if (isHeld) return 'Your microphone is on.'
  if (isPushToTalk) return `Hold the button${hasKeys ? ' or the space bar' : ''} to talk.`
  if (!isMuted) return ''
  return hasKeys ? 'You are muted. Hold the space bar to talk.' : 'You are muted.'
}

function showControls({ situation, isOpen, isMuted, isPushToTalk, isHeld }: Shown): void {
  start.hidden = isOpen || situation.kind === 'asking' || needsHttps(situation)
  start.textContent = situation.kind === 'problem' ? 'Try again' : 'Start talking'
  hold.hidden = !isOpen || !isPushToTalk
  hold.setAttribute('aria-pressed', String(isHeld))
  mute.hidden = !isOpen || isPushToTalk
  mute.textContent = isMuted ? 'Unmute' : 'Mute'
  mute.classList.toggle('primary', isMuted)
  leave.hidden = !isOpen
  settings.hidden = !isOpen
  copy.hidden = !window.isSecureContext || situation.kind === 'connected'
  another.hidden = isOpen
}

function needsHttps(situation: Situation): boolean {
  return situation.kind === 'problem' && situation.problem === 'insecure'
}
