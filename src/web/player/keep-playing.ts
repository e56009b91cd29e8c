import { Reconnector } from '../shared/reconnector.ts'
import type { PlayerEvents, StreamPlayer } from './stream-player.ts'
import type { PlayState } from './words.ts'

/** Time without data, while playing and after a start, after which the stream counts as lost, in milliseconds. */
const BUFFERING_MS = 3_000
const SILENT_MS = 8_000

/** Keeps a stream playing until it is stopped: restarts it after failures of the network and the server. */
export class Keeper implements PlayerEvents {
  readonly #isExpected: () => boolean
  readonly #changed: (state: PlayState) => void
  readonly #reconnector = new Reconnector(
    () => this.#start(),
    () => this.#drop(),
  )
  #player: StreamPlayer | undefined
  #state: PlayState = 'stopped'

  /**
   * @param isExpected whether the server has nothing to play either, so that the player can only wait.
   * @param changed called with each new state.
   */
  constructor(isExpected: () => boolean, changed: (state: PlayState) => void) {
    this.#isExpected = isExpected
    this.#changed = changed
  }

  get state(): PlayState {
    return this.#state
  }

  /** Sets the player to use; the current one is stopped, and playback continues with the new one. */
  use(player: StreamPlayer): void {
    this.#player?.stop()
    this.#player = player
    if (this.#state !== 'stopped') this.#reconnector.connect()
  }

  play(): void {
    this.#reconnector.connect()
  }

  /** @param isBrief see StreamPlayer. */
  stop(isBrief?: boolean): void {
    this.#end('stopped', isBrief)
  }

  /** Retries at once if the stream is lost: the caller has reason to expect success. */
  retry(): void {
    this.#reconnector.succeed()
    this.#reconnector.retry()
  }

  playing(): void {
    this.#reconnector.succeed()
    this.#reconnector.cancel()
    this.#become('playing')
  }

  buffering(): void {
    if (this.#state !== 'playing') return
    this.#become('buffering')
    this.#loseAfter(BUFFERING_MS)
  }

  lost(): void {
    this.#reconnector.lose()
  }

  refused(): void {
    this.#end('refused')
  }

  #start(): void {
    if (this.#state === 'lost' && this.#isExpected()) return this.lost()
    if (this.#state !== 'lost') this.#become('connecting')
    this.#loseAfter(SILENT_MS)
    this.#player?.start()
  }

  #loseAfter(ms: number): void {
    this.#reconnector.after(ms, () => (this.#isExpected() ? this.#loseAfter(ms) : this.lost()))
  }

  #drop(): void {
    this.#player?.stop()
    this.#become('lost')
  }

  #end(state: 'stopped' | 'refused', isBrief?: boolean): void {
    this.#reconnector.close()
    this.#player?.stop(isBrief)
    this.#become(state)
  }

  #become(state: PlayState): void {
    if (this.#state === state) return
    this.#state = state
    this.#changed(state)
  }
}
