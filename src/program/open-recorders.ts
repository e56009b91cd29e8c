import type { ProgramPlan } from '../plan/program-plan.ts'
import type { Recording } from '../recorder/recorder.ts'
import type { Recorders } from '../recorder/recorders.ts'
import type { Stream } from '../stream/stream.ts'
import { inTime } from '../system/clock.ts'
import type { Runtime } from '../system/runtime.ts'

/** Time for the completion of all files when the program ends, in milliseconds. */
const END_WITHIN_MS = 3_000

/** The recordings of all streams. Their room is loaded when a plan has one. */
export class Recordings {
  readonly #current: () => ProgramPlan
  readonly #runtime: Runtime
  #recorders: Recorders | undefined

  /** @param current returns the current plan */
  constructor(current: () => ProgramPlan, runtime: Runtime) {
    this.#current = current
    this.#runtime = runtime
  }

  /** Loads the room if a plan has recordings, before its streams are opened or changed. */
  async prepare(plan: ProgramPlan): Promise<void> {
    const isWanted = [...plan.streams, ...plan.published].some(({ recording }) => recording.pattern !== undefined)
    if (!isWanted || this.#recorders !== undefined) return
    const { Recorders: Room } = await import('../recorder/recorders.ts')
    const plans = () => [...this.#current().streams, ...this.#current().published]
    this.#recorders = new Room(plans, this.#runtime)
  }

  /** Records a stream if its plan says so; called when it is created, and when its plan has changed. */
  look(stream: Stream): void {
    this.#recorders?.look(stream)
  }

  /** Deletes old files; called when the plan is used, at the start and after a change. */
  clean(): void {
    this.#recorders?.clean()
  }

  /** Returns the state of a recording; undefined: the stream is not recorded. */
  read(stream: Stream): Recording | undefined {
    return this.#recorders?.read(stream)
  }

  /** Completes all files, within a limited time. */
  async end(): Promise<void> {
    if (this.#recorders !== undefined) await inTime(this.#runtime.clock, END_WITHIN_MS, this.#recorders.end())
  }
}
