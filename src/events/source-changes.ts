import type { SourceEvent } from '../source/supervise/source-event.ts'
import type { Clock } from '../system/clock.ts'
import { maskSecrets } from '../text/mask-secrets.ts'
import type { FieldsOf } from './event-table.ts'

/** Time for which a source may be without sound between two openings that follow each other without a pause, in milliseconds. */
const MAX_GAP_MS = 2_000

/** Receiver of the changes of one source. */
interface ChangeReceiver {
  up(fields: FieldsOf<'source-up'>): void
  down(fields: FieldsOf<'source-down'>): void
}

/**
 * Finds when a source goes on and off the air. It is on the air from the first frame of an opening on. It is off the air when an
 * opening has ended and the next one does not follow at once with sound, as the files of a list and the next address of a relay
 * do. So repeated failures are one change.
 */
export class SourceChanges {
  readonly #receiver: ChangeReceiver
  readonly #clock: Clock
  /** Label of the source. */
  #source = ''
  /** Time at which it went on the air, in milliseconds of the clock; undefined: it is not. */
  #upSince: number | undefined
  /** Time at which the last opening on the air has ended, and why the last one has. */
  #gap: { readonly since: number; readonly reason: string } | undefined
  #cancelGap: () => void = () => {}

  constructor(receiver: ChangeReceiver, clock: Clock) {
    this.#receiver = receiver
    this.#clock = clock
  }

  handle(event: SourceEvent): void {
    if (event.kind === 'source opened') this.#source = event.source
    else if (event.kind === 'source on air') this.#onAir(event.format)
    else if (event.kind === 'source waiting') this.#down()
    else if (event.kind === 'source closed') this.#closed(event.reason, event.pauseMs)
  }

  #onAir(format: string | undefined): void {
    this.#cancelGap()
    this.#gap = undefined
    if (this.#upSince !== undefined) return
    this.#upSince = this.#clock.now()
    this.#receiver.up({ source: maskSecrets(this.#source), format: format ?? null })
  }

  #closed(reason: string, pauseMs: number | undefined): void {
    if (this.#upSince === undefined) return
    const isFirst = this.#gap === undefined
    this.#gap = { since: this.#gap?.since ?? this.#clock.now(), reason }
    if (pauseMs !== 0) this.#down()
    else if (isFirst) this.#cancelGap = this.#clock.after(MAX_GAP_MS, () => this.#down())
  }

  #down(): void {
    this.#cancelGap()
    if (this.#upSince === undefined || this.#gap === undefined) return
    const { since, reason } = this.#gap
    const secondsUp = Math.round(since - this.#upSince) / 1000
    this.#gap = undefined
    this.#upSince = undefined
    this.#receiver.down({ source: maskSecrets(this.#source), reason: maskSecrets(reason), secondsUp })
  }
}
