import { Reconnector } from '../shared/reconnector.ts'
import type { ConnectionWatch } from './cut-watch.ts'
import { isPassing, type Refusal } from './refusal.ts'
import type { PlayerEvents, StreamPlayer } from './stream-player.ts'
import type { PlayState } from './words.ts'

/** Time without data, while playing and after a start, after which the stream counts as lost, in milliseconds. */
const BUFFERING_MS = 3_000
const SILENT_MS = 8_000
/** Number of losses after which the server is asked whether it refuses this listener: most connections are back with the first retry. */
const LOSSES = 2
/** Pause before a retry after a refusal that may pass, in milliseconds. */
const REFUSED_MS = 10_000

/** Keeps a stream playing until it is stopped: restarts it after failures of the network and the server. */
export class Keeper implements PlayerEvents {
  readonly #isExpected: () => boolean
  readonly #askForRefusal: () => Promise<Refusal | undefined>
  readonly #changed: () => void
  #watch: ConnectionWatch | undefined
  readonly #reconnector = new Reconnector(
    () => this.#start(),
    () => this.#drop(),
  )
  #player: StreamPlayer | undefined
  #state: PlayState = 'stopped'
  /** Number of losses without sound in between. */
  #losses = 0
  #refusal: Refusal | undefined

  /**
   * @param isExpected whether the server has nothing to play either, so that the player can only wait.
   * @param ask see `askForRefusal`.
   * @param changed called when the state or the refusal has changed.
   */
  constructor(isExpected: () => boolean, ask: () => Promise<Refusal | undefined>, changed: () => void) {
    this.#isExpected = isExpected
    this.#askForRefusal = ask
    this.#changed = changed
  }

  get state(): PlayState {
    return this.#state
  }

  /** Why this listener hears nothing; undefined: no reason is known. */
  get refusal(): Refusal | undefined {
    return this.#refusal
  }

  /** Sets the player to use; the current one is stopped, and playback continues with the new one. */
  use(player: StreamPlayer): void {
    this.#player?.stop()
    this.#player = player
    if (this.#state !== 'stopped') this.#reconnector.connect()
  }

  /** Lets a watch observe the connections from now on. */
  watch(watch: ConnectionWatch): void {
    this.#watch = watch
  }

  play(): void {
    this.#forget()
    this.#reconnector.connect()
  }

  /** @param isBrief see StreamPlayer. */
  stop(isBrief?: boolean): void {
    this.#forget()
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
    this.#forget()
    this.#become('playing')
    this.#watch?.playing()
  }

  buffering(): void {
    if (this.#state !== 'playing') return
    this.#become('buffering')
    this.#loseAfter(this.#player?.patienceMs ?? BUFFERING_MS)
  }

  lost(): void {
    this.#reconnector.lose()
    this.#losses++
    if (this.#isExpected()) return
    if (this.#losses >= LOSSES) void this.#explain()
    this.#watch?.lost()
  }

  refused(): void {
    this.#end('refused')
  }

  hasNoDevice(): void {
    this.#refusal = 'no-device'
    this.#end('stopped')
  }

  #forget(): void {
    this.#losses = 0
    this.#refusal = undefined
  }

  /** Learns why the stream is lost. A listener that is refused for good does not try again by itself. */
  async #explain(): Promise<void> {
    const refusal = await this.#askForRefusal()
    if (this.#state !== 'lost') return
    this.#refusal = refusal
    if (refusal !== undefined && !isPassing(refusal)) return this.#end('stopped')
    if (refusal !== undefined) this.#reconnector.after(REFUSED_MS, () => this.#reconnector.connect())
    this.#changed()
  }

  #start(): void {
    if (this.#state === 'lost' && this.#isExpected()) return this.lost()
    if (this.#state !== 'lost') this.#become('connecting')
    this.#loseAfter(this.#player?.patienceMs ?? SILENT_MS)
    this.#watch?.began()
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
    this.#changed()
  }
}
