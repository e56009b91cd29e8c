import { createGrowingPauses } from '../shared/growing-pauses.ts'
import type { PlayState } from './play-state.ts'
import type { Playing, PlayingEvents } from './playing.ts'

/** Keeps a stream playing until it is stopped: restarts it after failures of the network and the server. */
export interface Keeper extends PlayingEvents {
  readonly state: PlayState
  /** Sets the player to use; the current one is stopped, and playback continues with the new one. */
  use(way: Playing): void
  play(): void
  /** @param isBrief see Playing. */
  stop(isBrief?: boolean): void
  /** Retries at once if the stream is lost: the caller has reason to expect success. */
  tryNow(): void
}

/** Time without data, while playing and after a start, after which the stream counts as lost, in milliseconds. */
const DRY_MS = 3_000
const SILENT_MS = 8_000

/**
 * @param isExpected whether the server has nothing to play either, so that the player can only wait.
 * @param changed called with each new state.
 */
export function createKeeper(isExpected: () => boolean, changed: (state: PlayState) => void): Keeper {
  const pauses = createGrowingPauses()
  let way: Playing | undefined
  let state: PlayState = 'stopped'
  let timer: ReturnType<typeof setTimeout>

  const become = (next: PlayState) => {
    clearTimeout(timer)
    if (state === next) return
    state = next
    changed(next)
  }
  const giveUpAfter = (ms: number) => {
    timer = setTimeout(() => (isExpected() ? giveUpAfter(ms) : lost()), ms)
  }
  const connect = () => {
    if (state !== 'lost') become('connecting')
    clearTimeout(timer)
    giveUpAfter(SILENT_MS)
    way?.start()
  }
  const lost = () => {
    way?.stop()
    become('lost')
    clearTimeout(timer)
    timer = setTimeout(() => (isExpected() ? lost() : connect()), pauses.next())
  }
  return {
    get state() {
      return state
    },
    use(next) {
      way?.stop()
      way = next
      if (state !== 'stopped') connect()
    },
    play: connect,
    stop(isBrief) {
      become('stopped')
      way?.stop(isBrief)
      pauses.reset()
    },
    tryNow() {
      pauses.reset()
      if (state === 'lost') connect()
    },
    sounding() {
      pauses.reset()
      become('playing')
    },
    dry() {
      if (state !== 'playing') return
      become('dry')
      giveUpAfter(DRY_MS)
    },
    lost,
    refused() {
      way?.stop()
      become('refused')
    },
  }
}
