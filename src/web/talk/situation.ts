import type { MicrophoneProblem } from '../audio/microphone.ts'

/** State of the conversation, as known to this page. */
export type Situation =
  | { readonly kind: 'ready' }
  /** The browser asks for the microphone. */
  | { readonly kind: 'asking' }
  | { readonly kind: 'problem'; readonly problem: MicrophoneProblem }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'waiting'; readonly ahead: number; readonly hasLeft: boolean }
  | { readonly kind: 'connected'; readonly partnerMuted: boolean }
  /** The server cannot be reached. The page retries. */
  | { readonly kind: 'away' }
  /** The server has no room for more people. The page retries. */
  | { readonly kind: 'full' }

/** A situation in words, and how it looks: `data-state` of base.css. */
export interface Words {
  readonly title: string
  readonly detail: string
  readonly look: 'good' | 'busy' | 'bad' | ''
}

const ALLOW =
  'Allow it for this address in the settings of the browser, often behind the sign beside the address. Then try again.'

const PROBLEMS: Readonly<Record<MicrophoneProblem, Words>> = {
  insecure: {
    title: 'This needs HTTPS',
    detail: 'Browsers give the microphone only to pages that came over HTTPS, or from this very machine.',
    look: 'bad',
  },
  denied: { title: 'Microphone not allowed', detail: ALLOW, look: 'bad' },
  none: { title: 'No microphone', detail: 'Connect one, and try again.', look: 'bad' },
  busy: { title: 'Microphone not working', detail: 'Another program may have it. Try again.', look: 'bad' },
}

const INVITATION = 'Whoever opens this address too talks with you.'
const MUTED = 'Your partner is muted.'

export function wordsFor(situation: Situation): Words {
  switch (situation.kind) {
    case 'ready':
      return { title: 'Ready when you are', detail: INVITATION, look: '' }
    case 'asking':
      return { title: 'Allow the microphone', detail: 'The browser is asking you.', look: 'busy' }
    case 'problem':
      return PROBLEMS[situation.problem]
    case 'connecting':
      return { title: 'Connecting', detail: 'It takes a moment.', look: 'busy' }
    case 'waiting':
      return wordsForWaiting(situation.ahead, situation.hasLeft)
    case 'connected':
      return { title: 'Connected', detail: situation.partnerMuted ? MUTED : 'Your partner is here.', look: 'good' }
    case 'away':
      return { title: 'The server is away', detail: 'Trying again by itself.', look: 'bad' }
    default:
      return { title: 'No room for more people', detail: 'Trying again by itself.', look: 'bad' }
  }
}

/** With `ahead` 0 only a partner is missing. Otherwise two of those ahead are talking, and the rest wait as well. */
function wordsForWaiting(ahead: number, hasLeft: boolean): Words {
  const look = 'busy'
  if (ahead === 0 && hasLeft) return { title: 'Your partner has left', detail: 'Waiting for somebody else.', look }
  if (ahead === 0) return { title: 'Waiting for somebody', detail: INVITATION, look }
  const before = ahead - 2
  const place = before === 0 ? 'You are next.' : `${before} ${before === 1 ? 'waits' : 'wait'} before you.`
  return { title: 'The room is taken', detail: `Two people are talking. ${place}`, look }
}
