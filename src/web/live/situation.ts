import { CLOSE } from '../../websocket/close-codes.ts'
import type { MicrophoneProblem } from '../audio/microphone.ts'
import { type Words, wordsFor as wordsForTalk } from '../talk/situation.ts'

/** State of the broadcast, as known to this page. */
export type Situation =
  | { readonly kind: 'ready' }
  /** The browser asks for the microphone. */
  | { readonly kind: 'asking' }
  | { readonly kind: 'problem'; readonly problem: MicrophoneProblem }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'onAir'; readonly listeners: number }
  /** The server cannot be reached, at first or any more. The page retries. */
  | { readonly kind: 'away' }
  /** The server refuses the broadcast. @see CLOSE */
  | { readonly kind: 'refused'; readonly code: number }

const REFUSALS: ReadonlyMap<number, readonly [title: string, detail: string]> = new Map([
  [CLOSE.wrongToken, ['Wrong token', 'Check it, and try again.']],
  [CLOSE.occupied, ['Already on air', 'Another person is live here. Try again later.']],
  [CLOSE.pathTaken, ['This name is taken', 'Another page or stream has this address. Choose another name.']],
  [CLOSE.replaced, ['You are on air elsewhere', 'This page is open in another window too.']],
])

export function wordsFor(situation: Situation, isMuted: boolean): Words {
  switch (situation.kind) {
    case 'ready':
      return { title: 'Off air', detail: 'Nobody hears you.', look: '' }
    case 'asking':
    case 'connecting':
    case 'problem':
      return wordsForTalk(situation)
    case 'onAir':
      if (isMuted) return { title: 'Muted', detail: 'You are on air, but silent.', look: 'busy' }
      return { title: 'On air', detail: 'Listeners hear you.', look: 'good' }
    case 'away':
      return { title: 'The server does not answer', detail: 'Trying again …', look: 'bad' }
  }
  return wordsForRefusal(situation.code)
}

function wordsForRefusal(code: number): Words {
  const [title, detail] = REFUSALS.get(code) ?? ['No free place', 'Too many people are connected. Try again later.']
  return { title, detail, look: 'bad' }
}
