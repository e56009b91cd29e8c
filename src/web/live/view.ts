import { CLOSE } from '../../websocket/close-codes.ts'
import { element, setText } from '../shared/element.ts'
import { type Situation, wordsFor } from './situation.ts'

/** State shown by the page, except the level. */
export interface Shown {
  readonly situation: Situation
  readonly isMuted: boolean
  /** The microphone is open. */
  readonly isOpen: boolean
  /** When the broadcast was first on air, by `performance.now()`; undefined: not yet. */
  readonly since: number | undefined
  /** The input that is still required. */
  readonly needs: 'name' | 'token' | 'nothing'
}

const main = element('main', HTMLElement)
const go = element('#go', HTMLButtonElement)
const goLabel = element('#go-words', HTMLElement)
const mute = element('#mute', HTMLButtonElement)
const state = element('#state', HTMLElement)
const detail = element('#detail', HTMLElement)
const remedy = element('#remedy', HTMLElement)
const figures = element('#figures', HTMLElement)
const time = element('#time', HTMLElement)
const listeners = element('#listeners', HTMLElement)
const settings = element('#settings', HTMLElement)
const share = element('#share', HTMLElement)

export function show(shown: Shown): void {
  const { situation, isMuted, isOpen } = shown
  main.dataset['situation'] = situation.kind
  main.dataset['muted'] = String(isMuted)
  const words = wordsFor(situation, isMuted)
  state.dataset['state'] = words.look
  setText(state, words.title)
  setText(detail, words.detail)
  remedy.hidden = !needsHttps(situation)
  go.hidden = needsHttps(situation)
  settings.hidden = needsHttps(situation)
  go.disabled = situation.kind === 'asking'
  setText(goLabel, buttonWords(shown))
  mute.hidden = !isOpen || shown.since === undefined
  mute.textContent = isMuted ? 'Unmute' : 'Mute'
  mute.classList.toggle('primary', isMuted)
  share.hidden = shown.since === undefined
  showFields(shown)
  showFigures(shown)
}

/** Shows the time on air, which advances without events. */
export function showFigures({ situation, since, isOpen }: Shown): void {
  figures.hidden = since === undefined || !isOpen
  if (since !== undefined) setText(time, clockTime(performance.now() - since))
  setText(listeners, situation.kind === 'onAir' ? String(situation.listeners) : '–')
}

function showFields({ situation, needs, isOpen }: Shown): void {
  const isWrong = situation.kind === 'refused' && situation.code === CLOSE.wrongToken
  const token = element('#token', HTMLInputElement)
  element('#name-field', HTMLElement).hidden = needs !== 'name'
  element('#token-field', HTMLElement).hidden = isOpen || (needs !== 'token' && !isWrong)
  token.setAttribute('aria-invalid', String(isWrong))
}

function buttonWords({ isOpen, needs, situation }: Shown): string {
  if (isOpen) return 'End'
  if (needs === 'name') return 'Next'
  return situation.kind === 'refused' || situation.kind === 'problem' ? 'Try again' : 'Go on air'
}

function needsHttps(situation: Situation): boolean {
  return situation.kind === 'problem' && situation.problem === 'insecure'
}

/** `0:07`, `12:34`, `1:02:03`. */
function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const parts = hours > 0 ? [hours, two(minutes), two(seconds % 60)] : [minutes, two(seconds % 60)]
  return parts.join(':')
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
