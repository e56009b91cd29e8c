import { CLOSE } from '../../endpoints/live/live-messages.ts'
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
  [CLOSE.wrongToken, ['This is not the token', 'Look at it again, and try again.']],
  [CLOSE.somebodyElse, ['Somebody is on air', 'Try again when they have finished.']],
  [CLOSE.pathTaken, ['This name is taken', 'There is something else at this address. Choose another name.']],
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
      if (isMuted) return { title: 'Muted', detail: 'You are on air, and nobody hears you.', look: 'busy' }
      return { title: 'On air', detail: 'Everybody who listens hears you.', look: 'good' }
    case 'away':
      return { title: 'The server is away', detail: 'Trying again by itself.', look: 'bad' }
  }
  return wordsForRefusal(situation.code)
}

function wordsForRefusal(code: number): Words {
  const [title, detail] = REFUSALS.get(code) ?? ['The server has no room', 'Try again later.']
  return { title, detail, look: 'bad' }
}
