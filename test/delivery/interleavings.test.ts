import * as fc from 'fast-check'
import t from 'tap'
import { Delivery } from '../../src/delivery/delivery.ts'
import type { Listener, Sink, SinkOwner } from '../../src/delivery/listener.ts'
import type { Start } from '../../src/delivery/start.ts'
import { WriteMemory } from '../../src/delivery/write-memory.ts'
import type { Stream } from '../../src/stream/stream.ts'
import type { Clock } from '../../src/system/clock.ts'
import { MemoryStream } from './memory-stream.ts'

/*
 * Whatever the order of frames, ticks, joins, stalls, drains and departures is, each listener's bytes read like this:
 *
 *     [header]{5}<5..><6...><7.>{31}<31.><32..>
 *
 * a header, then whole frames in a row, each row with the preamble of its first frame before it.
 */

/** A connection in memory. */
class Connection implements Sink {
  owner: SinkOwner | undefined
  readonly #program: MemoryStream
  #last: number | undefined
  text = ''
  isStalled = false
  isWriting = false
  isEnded = false
  /** Description of an invariant that was violated. */
  fault = ''

  constructor(program: MemoryStream) {
    this.#program = program
  }

  write(bytes: Buffer, before: Buffer): boolean {
    if (this.isWriting || this.isEnded) this.fault ||= 'written to while a write was under way, or after the end'
    const frames = framesIn(String(bytes))
    const last = this.#last
    const next = frames[0]
    if (last !== undefined && next !== last + 1 && this.#program.ring.at(last + 1) !== undefined) {
      const mayBegin = this.#program.preamble(last + 1) !== null
      if (mayBegin && before.length === 0) this.fault ||= `jumped from ${last} to ${next} without being lapped`
    }
    this.#last = frames.at(-1)
    this.text += String(before) + String(bytes)
    this.isWriting = this.isStalled
    return !this.isStalled
  }

  refuse(): void {
    this.end()
  }

  end(): void {
    this.isEnded = true
    if (!this.isWriting) this.leave()
  }

  leave(): void {
    this.owner?.gone('disconnected')
  }

  drain(): void {
    if (!this.isWriting) return
    this.isWriting = false
    if (this.isEnded) this.leave()
    else this.owner?.drained()
  }
}

function framesIn(text: string): number[] {
  return [...text.matchAll(/<(\d+)\.*>/g)].map(([, seq]) => Number(seq))
}

/** A clock whose timers are run by the test. */
class StepClock implements Clock {
  readonly #stepMs: number
  #now = 0
  #timers: (() => void)[] = []

  /** @param stepMs time that passes at each call of `now()`, so that rounds are interrupted. */
  constructor(stepMs: number) {
    this.#stepMs = stepMs
  }

  now(): number {
    this.#now += this.#stepMs
    return this.#now
  }

  after(_ms: number, then: () => void): () => void {
    this.#timers.push(then)
    return () => {
      this.#timers = this.#timers.filter((timer) => timer !== then)
    }
  }

  step(): void {
    this.#now += 1_000
    for (const timer of this.#timers.splice(0)) timer()
  }
}

/** Participants of one run. */
interface Scene {
  readonly program: MemoryStream
  readonly delivery: Delivery
  readonly clock: StepClock
  readonly visits: { readonly connection: Connection; readonly listener: Listener; gone: boolean }[]
}

type Step = (scene: Scene) => void

const someone = fc.nat({ max: 30 })
const size = fc.oneof({ weight: 200, arbitrary: fc.nat({ max: 40 }) }, { weight: 1, arbitrary: fc.constant(70_000) })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(size, { minLength: 1, maxLength: 9 }).map(
      (sizes): Step =>
        ({ program }) =>
          program.take(sizes),
    ),
  },
  { weight: 3, arbitrary: fc.constant<Step>(({ clock }) => clock.step()) },
  { weight: 3, arbitrary: fc.constant<Step>((scene) => join(scene)) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: -1, max: 20 }).map(
      (back): Step =>
        (scene) =>
          join(scene, { frame: scene.program.ring.next - back }),
    ),
  },
  {
    weight: 3,
    arbitrary: someone.map(
      (who): Step =>
        (scene) =>
          turn(scene, who),
    ),
  },
  {
    weight: 3,
    arbitrary: someone.map(
      (who): Step =>
        (scene) =>
          pick(scene, who)?.connection.drain(),
    ),
  },
  {
    weight: 1,
    arbitrary: someone.map(
      (who): Step =>
        (scene) =>
          leave(scene, who),
    ),
  },
)

function join({ program, delivery, visits }: Scene, start?: Start): void {
  const connection = new Connection(program)
  visits.push({ connection, listener: delivery.join(connection, start), gone: false })
}

function pick({ visits }: Scene, who: number) {
  return visits.length === 0 ? undefined : visits[who % visits.length]
}

function turn(scene: Scene, who: number): void {
  const visit = pick(scene, who)
  if (visit) visit.connection.isStalled = !visit.connection.isStalled
}

function leave(scene: Scene, who: number): void {
  const visit = pick(scene, who)
  if (visit === undefined) return
  visit.gone = true
  visit.connection.leave()
}

const WELL_FORMED = /^(\[header\]\{\d+\}(<\d+\.*>)+(\{\d+\}(<\d+\.*>)+)*)?$/

/** @throws when a listener has received wrong bytes. */
function check({ visits, program }: Scene, maxBytes: number): void {
  for (const { connection, listener, gone } of visits) {
    const { text } = connection
    if (connection.fault !== '') throw new Error(connection.fault)
    if (!WELL_FORMED.test(text)) throw new Error(`no whole frames: ${text.slice(0, 200)}`)
    const frames = checkOrder(text)
    const sizes = [...text.matchAll(/<\d+\.*>/g)].map(([frame]) => frame.length)
    const bytes = sizes.reduce((sum, frameBytes) => sum + frameBytes, 0)
    checkCounts(listener, frames, bytes)
    const isFull = maxBytes > 0 && bytes >= maxBytes
    if (isFull && bytes - (sizes.at(-1) ?? 0) >= maxBytes) throw new Error('more than its bytes')
    const isDone = connection.isEnded && (isFull || listener.cursor === program.ring.next)
    if (program.isFinished && !gone && !isDone) throw new Error('left behind when the stream ended')
  }
}

/** @returns the frames that a listener received; checks that they are in order, with the right preamble before each row. */
function checkOrder(text: string): number[] {
  const rows = text.split('{').slice(1)
  for (const row of rows) {
    const frames = framesIn(row)
    if (frames[0] !== Number.parseInt(row, 10)) throw new Error(`the preamble of another frame: ${row.slice(0, 40)}`)
    if (!frames.every((seq, at) => at === 0 || seq === (frames[at - 1] ?? 0) + 1)) throw new Error('a gap')
  }
  const all = framesIn(text)
  if (!all.every((seq, at) => at === 0 || seq > (all[at - 1] ?? 0))) throw new Error('a frame twice, or a step back')
  return all
}

function checkCounts(listener: Listener, frames: readonly number[], bytes: number): void {
  const { framesSent, framesSkipped, bytesSent, cursor } = listener
  if (framesSent !== frames.length || bytesSent !== bytes) throw new Error('miscounted')
  const [first] = frames
  if (first === undefined || cursor - first === framesSent + framesSkipped) return
  throw new Error(`${framesSent} sent and ${framesSkipped} skipped, from ${first} to ${cursor}`)
}

t.test(
  'sends whole frames in order for any sequence of frames, ticks, joins, stalls, drains and disconnections',
  (t) => {
    const scenes = fc.record({
      slots: fc.integer({ min: 3, max: 40 }),
      maxDelayMs: fc.constantFrom(0, 100, undefined),
      stepMs: fc.constantFrom(0, 3),
      maxBytes: fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 999 }) },
      ),
      steps: fc.array(step, { minLength: 40, maxLength: 150, size: 'max' }),
    })
    let jumps = 0
    fc.assert(
      fc.property(scenes, ({ slots, maxDelayMs, stepMs, maxBytes, steps }) => {
        const clock = new StepClock(stepMs)
        const policy = { maxDelayMs, burstMs: undefined, clientMaxBytes: maxBytes, clientTimeoutMs: 0 }
        const program = new MemoryStream(slots, policy)
        const delivery = new Delivery(program as unknown as Stream, new WriteMemory(2 ** 26), clock)
        const scene: Scene = { program, delivery, clock, visits: [] }
        for (const run of steps) run(scene)
        check(scene, maxBytes)
        program.finish()
        for (const { connection } of scene.visits) connection.isStalled = false
        for (const { connection } of scene.visits) connection.drain()
        for (let rounds = 0; rounds < 50; rounds++) clock.step()
        check(scene, maxBytes)
        if (program.listeners !== 0) throw new Error(`${program.listeners} listeners are left`)
        jumps += scene.visits.filter(({ listener }) => listener.framesSkipped > 0).length
      }),
      { numRuns: 500 },
    )
    t.ok(jumps > 100, `${jumps} listeners were lapped`)
    t.end()
  },
)
