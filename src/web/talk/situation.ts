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
  /** All places are occupied. The page retries. */
  | { readonly kind: 'full' }

/** A situation in words, and how it looks: `data-state` of base.css. */
export interface Words {
  readonly title: string
  readonly detail: string
  readonly look: 'good' | 'busy' | 'bad' | ''
}

const ALLOW = 'Allow it in the settings of your browser, often behind the icon beside the address. Then try again.'

const PROBLEMS: Readonly<Record<MicrophoneProblem, Words>> = {
  insecure: {
    title: 'This needs HTTPS',
    detail: 'Browsers allow the microphone only on pages loaded over HTTPS, or from the same machine.',
    look: 'bad',
  },
  denied: { title: 'Microphone not allowed', detail: ALLOW, look: 'bad' },
  none: { title: 'No microphone', detail: 'Connect one, and try again.', look: 'bad' },
  busy: { title: 'Microphone not working', detail: 'Another program may be using it. Try again.', look: 'bad' },
}

const INVITATION = 'Send the address of this page to the person you want to talk with.'
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
      return { title: 'Connecting', detail: 'This takes a moment.', look: 'busy' }
    case 'waiting':
      return wordsForWaiting(situation.ahead, situation.hasLeft)
    case 'connected':
      return { title: 'Connected', detail: situation.partnerMuted ? MUTED : 'Your partner is here.', look: 'good' }
    case 'away':
      return { title: 'The server does not answer', detail: 'Trying again …', look: 'bad' }
    default:
      return { title: 'No free place', detail: 'Too many people are connected. Trying again …', look: 'bad' }
  }
}

/** With `ahead` 0 only a partner is missing. Otherwise two of those ahead are talking, and the rest wait as well. */
function wordsForWaiting(ahead: number, hasLeft: boolean): Words {
  const look = 'busy'
  if (ahead === 0 && hasLeft) return { title: 'Your partner has left', detail: 'Waiting for another partner.', look }
  if (ahead === 0) return { title: 'Waiting for a partner', detail: INVITATION, look }
  const before = ahead - 2
  const place =
    before === 0 ? 'You are next.' : `${before} ${before === 1 ? 'person is' : 'people are'} waiting before you.`
  return { title: 'The room is in use', detail: `Two people are talking. ${place}`, look }
}
