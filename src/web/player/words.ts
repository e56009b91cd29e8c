import type { PlayerNews } from '../../endpoints/player/player-news.ts'
import type { Refusal } from './refusal.ts'

/** State of the player. `buffering`: nothing to play for now. `lost`: retrying. `refused`: the browser requires a click. */
export type PlayState = 'stopped' | 'connecting' | 'playing' | 'buffering' | 'lost' | 'refused'

/** Facts that determine the words for the state. */
export interface Situation {
  readonly play: PlayState
  /** Undefined: no event received yet, or the server is silent. */
  readonly stream: PlayerNews['state'] | undefined
  /** Why the server refuses to send it; undefined: it does not, as far as is known. */
  readonly refusal?: Refusal | undefined
  /** The connection to the server is lost or was never made. */
  readonly isLost: boolean
  readonly isCatchingUp: boolean
  /** The listener hears, or has paused at, what was on the air before. */
  readonly isBehind?: boolean
  readonly isPlayable: boolean
}

/** The colour of the dot, see `.state` in base.css, and one sentence. */
export interface Words {
  readonly tone: 'good' | 'busy' | 'bad' | 'off'
  readonly text: string
}

/** Non-breaking spaces keep these words on one line. */
const AGAIN = 'Trying\u00a0again\u00a0…'
const ENDED: Words = { tone: 'off', text: 'The stream has ended.' }
const OFF_AIR: Words = { tone: 'busy', text: 'Off air. It plays by itself when it is back.' }
const SILENT: Words = { tone: 'busy', text: 'The stream is silent now. It continues by itself.' }

const REFUSED: Readonly<Record<Refusal, Words>> = {
  password: { tone: 'bad', text: 'This stream needs a password. Load the page again to enter it.' },
  link: { tone: 'bad', text: 'This link has ended. You need a new one.' },
  forbidden: { tone: 'bad', text: 'You may not listen to this stream.' },
  'too-many': { tone: 'busy', text: `Too many listeners have your address or your name. ${AGAIN}` },
  'no-device': { tone: 'bad', text: 'This browser finds no sound device. Connect one, then press play.' },
  full: { tone: 'busy', text: `The stream has no place for more listeners now. ${AGAIN}` },
}

const WORDS: Readonly<Record<PlayState, (situation: Situation) => Words>> = {
  stopped({ stream, refusal, isLost, isBehind }) {
    if (stream === 'absent') return { tone: 'bad', text: 'There is no stream at this address.' }
    if (stream === 'ended') return ENDED
    if (refusal !== undefined) return REFUSED[refusal]
    if (isLost) return { tone: 'bad', text: `The server does not answer. ${AGAIN}` }
    if (stream === 'off-air') return { tone: 'busy', text: 'Off air. Press play to hear it when it is back.' }
    if (stream === 'silent') return { tone: 'busy', text: 'The stream is silent now.' }
    return { tone: 'off', text: isBehind ? 'Paused. Press play to continue.' : 'Press play to listen.' }
  },
  connecting: ({ stream }) => waiting(stream) ?? { tone: 'busy', text: 'Connecting …' },
  playing({ isCatchingUp, isBehind }) {
    if (isBehind) return { tone: 'good', text: 'Playing what was on before' }
    return { tone: 'good', text: isCatchingUp ? 'Live, catching up' : 'Live' }
  },
  buffering: ({ stream }) => waiting(stream) ?? { tone: 'busy', text: 'Waiting for more sound …' },
  lost({ stream, refusal }) {
    if (stream === 'absent') return { tone: 'bad', text: 'There is no stream here now. It plays when it is back.' }
    if (stream === 'ended') return ENDED
    if (refusal !== undefined) return REFUSED[refusal]
    return waiting(stream) ?? { tone: 'bad', text: `Connection lost. ${AGAIN}` }
  },
  refused: () => ({ tone: 'busy', text: 'Press play to continue.' }),
}

export function wordsFor(situation: Situation): Words {
  if (!situation.isPlayable) return { tone: 'bad', text: 'This browser cannot play this format. Other players can.' }
  return WORDS[situation.play](situation)
}

/** Returns the reason why there is nothing to play on a good connection; undefined: there is something. */
function waiting(stream: Situation['stream']): Words | undefined {
  if (stream === 'off-air') return OFF_AIR
  return stream === 'silent' ? SILENT : undefined
}
