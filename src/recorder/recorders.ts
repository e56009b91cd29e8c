import type { StreamPlan } from '../plan/stream-plan.ts'
import type { Stream } from '../stream/stream.ts'
import type { Runtime } from '../system/runtime.ts'
import { type Disk, systemDisk } from './disk.ts'
import { Recorder, type Recording } from './recorder.ts'
import { Retention } from './retention.ts'
import { Turns } from './turns.ts'

/** The recorders of all streams, and the retention of their files. */
export class Recorders {
  readonly #parts
  readonly #retention: Retention
  /** Recorders by stream; of one that ends, the next one. */
  readonly #current = new WeakMap<Stream, Recorder>()
  /** Also those that are completing their last file. */
  readonly #all = new Set<Recorder>()

  /** @param plans returns the plans of all streams, with those of wildcards and directories */
  constructor(
    plans: () => readonly StreamPlan[],
    { clock, log }: Runtime,
    disk: Disk = systemDisk,
    wallClock: () => number = Date.now,
  ) {
    const turns = new Turns()
    this.#parts = { clock, disk, turns, wallClock }
    const isOpen = (path: string) => [...this.#all].some((recorder) => recorder.read().file?.path === path)
    this.#retention = new Retention({ clock, log, turns, wallClock, plans, isOpen })
  }

  /** Records a stream from its next frame on, if its plan says so and it is not recorded yet. */
  look(stream: Stream): void {
    if (stream.plan.recording.pattern === undefined || stream.isFinished) return
    if (this.#current.get(stream)?.isEnding === false) return
    const recorder = new Recorder(stream, this.#parts)
    this.#current.set(stream, recorder)
    this.#all.add(recorder)
    void recorder.whenEnded.then(() => this.#all.delete(recorder))
  }

  /** Returns the state of a recording; undefined: the stream is not recorded. */
  read(stream: Stream): Recording | undefined {
    const recorder = this.#current.get(stream)
    return recorder === undefined || recorder.isEnding ? undefined : recorder.read()
  }

  /** Deletes old files, now and every hour; called again when plans have changed. */
  clean(): void {
    this.#retention.start()
  }

  /** Resolves when what is old now is deleted. */
  cleaned(): Promise<void> {
    return this.#retention.searched
  }

  /** Completes all files; resolved then. */
  async end(): Promise<void> {
    await Promise.all([this.#retention.end(), ...Array.from(this.#all, (recorder) => recorder.end())])
  }
}
