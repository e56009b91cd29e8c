import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { type Source, SourceError } from '../../../src/source/source.ts'
import { Supervisor, type SupervisorPolicy } from '../../../src/source/supervise/supervisor.ts'
import { pause } from '../../../src/system/clock.ts'
import { keepLog } from '../../kept-log.ts'
import { logging } from '../../logged-events.ts'
import { createManualClock } from '../../manual-clock.ts'

const POLICY: SupervisorPolicy = { reopen: true, bytesPerSecond: 0, maxQuietMs: 0, warm: false }

/** One opening: the delay of each chunk, and its end. */
interface Run {
  /** Delay before each chunk of 10 bytes, in milliseconds. */
  readonly chunksAfterMs?: readonly number[]
  /** Then stays open until it is closed. */
  readonly stays?: boolean
  readonly failure?: string
  /** Duration of closing, in milliseconds. */
  readonly closesInMs?: number
}

/** A supervisor of a source whose openings follow `runs` in turn, the last one repeatedly; and all events, in order. */
function supervise(
  runs: readonly Run[],
  changes: Partial<SupervisorPolicy & Pick<Source, 'patient' | 'once'>> & { readonly listeners?: () => number } = {},
) {
  const clock = createManualClock(0)
  const log = keepLog()
  const openedAt: number[] = []
  const events: string[] = []
  let openNow = 0
  let frames = 0
  async function* chunksOf(run: Run, signal: AbortSignal): AsyncGenerator<Buffer> {
    try {
      for (const afterMs of run.chunksAfterMs ?? []) {
        await pause(clock, afterMs, signal)
        if (signal.aborted) return
        yield Buffer.alloc(10)
      }
      if (run.failure !== undefined) throw new SourceError(run.failure)
      if (run.stays) await pause(clock, Number.MAX_SAFE_INTEGER, signal)
    } finally {
      if (run.closesInMs !== undefined) await pause(clock, run.closesInMs, new AbortController().signal)
      openNow--
    }
  }
  const source: Source = {
    label: 'made up',
    patient: changes.patient ?? false,
    once: changes.once ?? false,
    async open(signal) {
      const run = runs[Math.min(openedAt.length, runs.length - 1)] ?? {}
      openedAt.push(clock.now())
      openNow++
      if (openNow > 1) events.push('two at once')
      return { chunks: chunksOf(run, signal), about: {} }
    },
    release: () => void events.push('released'),
  }
  const ingest = {
    opened() {
      frames = 0
      events.push('opened')
    },
    connected: () => {},
    described: () => {},
    titled: (title: string) => void events.push(title),
    chunk: () => {
      frames++
      events.push('chunk')
      return undefined
    },
    closed: async () => {
      events.push('closed')
      return { frames, paced: false }
    },
    away: () => {},
    get hasListeners() {
      return (changes.listeners?.() ?? 1) > 0
    },
    finished: (failure: Error | undefined) => void events.push(`finished: ${failure?.message ?? 'end'}`),
  }
  const supervisor = new Supervisor(source, { ...POLICY, ...changes }, ingest, logging(log.logger), clock, log.logger)
  const reasons = () =>
    log.records
      .filter(({ message }) => message.join('') === 'source closed')
      .map(({ properties }) => properties['reason'])
  return { clock, log, openedAt, events, supervisor, reasons }
}

/** Time from each opening to the next. */
function gaps(openedAt: readonly number[]): number[] {
  return openedAt.slice(1).map((at, i) => at - (openedAt[i] ?? 0))
}

t.test('opens a source once when it is requested, for any number of requests', async (t) => {
  const { clock, openedAt, supervisor } = supervise([{ stays: true }])
  await clock.advance(60_000)
  t.strictSame(openedAt, [])
  for (let i = 0; i < 10; i++) supervisor.start()
  await clock.advance(60_000)
  t.strictSame(openedAt, [60_000])
  await supervisor.stop('test')
})

t.test('opens a source that fails at once with pauses that grow to 10 s, for hours', async (t) => {
  const { clock, openedAt, supervisor, reasons } = supervise([{ failure: 'broken' }])
  supervisor.start()
  await clock.advance(3_600_000)
  t.strictSame(gaps(openedAt).slice(0, 9), [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000])
  t.ok(openedAt.length > 360 && openedAt.length < 370, `${openedAt.length} openings`)
  t.ok(reasons().every((reason) => reason === 'broken'))
  await supervisor.stop('test')
})

t.test('starts the pauses again after a healthy opening', async (t) => {
  const well = { chunksAfterMs: [500, 500] }
  const { clock, openedAt, supervisor } = supervise([{}, {}, {}, {}, well, {}, {}, { stays: true }])
  supervisor.start()
  await clock.advance(60_000)
  t.strictSame(gaps(openedAt), [100, 200, 400, 800, 1_000 + 100, 200, 400])
  await supervisor.stop('test')
})

t.test('stops at once during a pause, and starts again without one', async (t) => {
  const { clock, openedAt, supervisor, events } = supervise([{}])
  supervisor.start()
  await clock.advance(50)
  t.equal(openedAt.length, 1)
  await supervisor.stop('test')
  t.equal(events.at(-1), 'released')
  await clock.advance(60_000)
  t.equal(openedAt.length, 1)
  supervisor.start()
  await turn()
  t.strictSame(openedAt, [0, 60_050])
  await supervisor.stop('test')
})

t.test('opens a source that is requested again while it closes after the close', async (t) => {
  const { clock, openedAt, supervisor, events, reasons } = supervise([{ stays: true, closesInMs: 5_000 }])
  supervisor.start()
  await clock.advance(1_000)
  const stopped = supervisor.stop('no listeners')
  supervisor.start()
  await clock.advance(4_999)
  t.equal(openedAt.length, 1)
  await clock.advance(1)
  await stopped
  await clock.advance(0)
  t.strictSame(openedAt, [0, 6_000])
  t.strictSame(reasons(), ['no listeners'])
  t.notOk(events.includes('two at once'))
  void supervisor.stop('test')
  await clock.advance(5_000)
})

t.test('never has two openings for quick starts and stops, and follows the last one', async (t) => {
  const { clock, supervisor, events } = supervise([{ chunksAfterMs: [10], stays: true, closesInMs: 300 }])
  for (let i = 0; i < 200; i++) {
    if (i % 3 === 0) void supervisor.stop('test')
    else supervisor.start()
    await clock.advance((i * 37) % 50)
  }
  const stopped = supervisor.stop('test')
  await clock.advance(1_000_000)
  await stopped
  t.notOk(events.includes('two at once'))
  t.equal(events.filter((event) => event === 'opened').length, events.filter((event) => event === 'closed').length)
  const count = events.length
  await clock.advance(1_000_000)
  t.equal(events.length, count)
})

t.test('ends the stream at the first end without reopening', async (t) => {
  const { clock, openedAt, supervisor, events } = supervise([{ chunksAfterMs: [5, 5] }], { reopen: false })
  supervisor.start()
  await clock.advance(60_000)
  t.equal(openedAt.length, 1)
  t.strictSame(events, ['opened', 'chunk', 'chunk', 'closed', 'released', 'finished: end'])
  supervisor.start()
  await clock.advance(60_000)
  t.equal(openedAt.length, 1)
})

t.test('reports a failure without reopening', async (t) => {
  const { clock, supervisor, events } = supervise([{ chunksAfterMs: [5], failure: 'exit code 3' }], { reopen: false })
  supervisor.start()
  await clock.advance(10)
  t.equal(events.at(-1), 'finished: exit code 3')
})

t.test('does not open a source again that can be opened only once', async (t) => {
  const { clock, openedAt, supervisor, events } = supervise([{}], { once: true })
  supervisor.start()
  await clock.advance(60_000)
  t.equal(openedAt.length, 1)
  t.equal(events.at(-1), 'finished: end')
})

t.test('does not report a source that is closed for idleness as ended, with or without reopening', async (t) => {
  const { clock, openedAt, supervisor, events } = supervise([{ stays: true }], { reopen: false })
  supervisor.start()
  await clock.advance(10)
  await supervisor.stop('no listeners')
  t.strictSame(events, ['opened', 'closed', 'released'])
  supervisor.start()
  await clock.advance(10)
  t.equal(openedAt.length, 2)
  await supervisor.stop('test')
})

t.test('closes a source that sends nothing for too long, and opens it again', async (t) => {
  const { clock, openedAt, supervisor, reasons } = supervise([{ chunksAfterMs: [900, 900, 900], stays: true }], {
    maxQuietMs: 1_000,
  })
  supervisor.start()
  await clock.advance(2_700 + 999)
  t.equal(openedAt.length, 1)
  await clock.advance(1 + 100)
  t.strictSame(openedAt, [0, 3_800])
  t.strictSame(reasons(), ['quiet for 1 s'])
  await supervisor.stop('test')
})

t.test('reports a failure without reopening when a source is quiet for too long', async (t) => {
  const { clock, supervisor, events } = supervise([{ stays: true }], { maxQuietMs: 1_500, reopen: false })
  supervisor.start()
  await clock.advance(1_500)
  t.equal(events.at(-1), 'finished: quiet for 1.5 s')
})

t.test('does not take a low -source-bandwidth for silence', async (t) => {
  const { clock, openedAt, supervisor, events } = supervise(
    [{ chunksAfterMs: Array.from({ length: 50 }, () => 0), stays: true }],
    {
      maxQuietMs: 1_000,
      bytesPerSecond: 10,
    },
  )
  supervisor.start()
  await clock.advance(45_000)
  t.equal(openedAt.length, 1)
  t.ok(events.length > 400, 'it came in pieces')
  await supervisor.stop('test')
})

t.test('closes the source as failed when its filter fails', async (t) => {
  const clock = createManualClock(0)
  const log = keepLog()
  let openings = 0
  const source: Source = {
    label: 'made up',
    async open() {
      openings++
      return {
        about: {},
        chunks: (async function* () {
          yield Buffer.alloc(1)
        })(),
      }
    },
  }
  const ingest = {
    opened: () => {},
    titled: () => {},
    connected: () => {},
    described: () => {},
    chunk: () => {
      throw new Error('the filter broke')
    },
    closed: async () => ({ frames: 0, paced: false }),
    away: () => {},
    hasListeners: true,
    finished: () => {},
  }
  const supervisor = new Supervisor(source, POLICY, ingest, logging(log.logger), clock, log.logger)
  supervisor.start()
  await clock.advance(250)
  t.equal(openings, 2)
  t.match(log.records.find(({ level }) => level === 'warning')?.properties, { reason: 'the filter broke' })
  await supervisor.stop('test')
})

t.test('opens a source that waits by itself again without a pause after it sent something', async (t) => {
  const { clock, openedAt, supervisor } = supervise(
    [{ chunksAfterMs: [10] }, { chunksAfterMs: [10] }, {}, {}, { chunksAfterMs: [10] }, { stays: true }],
    { patient: true },
  )
  supervisor.start()
  await clock.advance(10_000)
  t.strictSame(gaps(openedAt), [10, 10, 100, 200, 10])
  await supervisor.stop('test')
})

t.test('does not open a failed source without listeners, and opens it for the next one at once', async (t) => {
  let listeners = 1
  const { clock, openedAt, supervisor, log } = supervise([{ failure: 'broken' }], { listeners: () => listeners })
  supervisor.start()
  await clock.advance(350)
  t.strictSame(openedAt, [0, 100, 300])
  listeners = 0
  await clock.advance(3_600_000)
  t.strictSame(openedAt, [0, 100, 300])
  t.equal(supervisor.state.kind, 'closed')
  t.ok(log.lines().includes('info source retry suspended'))
  listeners = 1
  supervisor.start()
  await clock.advance(0)
  t.strictSame(openedAt.slice(3), [3_600_350])
  await clock.advance(5_000)
  t.strictSame(gaps(openedAt.slice(3)), [800, 1_600], 'the pauses grow on')
  listeners = 0
  await supervisor.stop('test')
  t.equal(supervisor.state.kind, 'closed')
})

t.test('keeps the pauses of a failing source when listeners connect and disconnect', async (t) => {
  const { clock, openedAt, supervisor } = supervise([{ failure: 'broken' }], { listeners: () => 0 })
  for (let i = 0; i < 100; i++) {
    supervisor.start()
    await clock.advance(10)
    if (i % 2 === 0) await supervisor.stop('no listeners')
  }
  t.ok(openedAt.length <= 4, `${openedAt.length} openings in 1 s`)
  await supervisor.stop('test')
})

t.test('is opened once a minute when it is warm, fails and has no listener', async (t) => {
  let listeners = 0
  const runs = [{ failure: 'broken' }]
  const { clock, openedAt, supervisor } = supervise(runs, { warm: true, listeners: () => listeners })
  supervisor.start()
  await clock.advance(3_600_000)
  t.strictSame(gaps(openedAt).slice(0, 9), [100, 200, 400, 800, 1_600, 3_200, 6_400, 60_000, 60_000])
  listeners = 1
  supervisor.start()
  const { length } = openedAt
  await clock.advance(10_000)
  t.ok(openedAt.length > length, 'a listener does not wait for that minute')
  await supervisor.stop('test')
})

t.test('opens a source that waits by itself again without listeners', async (t) => {
  const { clock, openedAt, supervisor } = supervise([{}], { patient: true, listeners: () => 0 })
  supervisor.start()
  await clock.advance(60_000)
  t.ok(openedAt.length > 8)
  await supervisor.stop('test')
})

t.test('reports a source that waits for its writer as open with the first byte', async (t) => {
  const clock = createManualClock(0)
  const log = keepLog()
  const source: Source = {
    label: 'made up',
    patient: true,
    async open(signal) {
      const chunks = (async function* () {
        await pause(clock, 5_000, signal)
        yield Buffer.alloc(1)
        await pause(clock, 5_000, signal)
      })()
      return { about: {}, chunks, waitsFor: 'a writer' }
    },
  }
  const ingest = {
    opened: () => {},
    titled: () => {},
    connected: () => {},
    described: () => {},
    chunk: () => undefined,
    closed: async () => ({ frames: 1, paced: false }),
    away: () => {},
    hasListeners: true,
    finished: () => {},
  }
  const supervisor = new Supervisor(source, POLICY, ingest, logging(log.logger), clock, log.logger)
  supervisor.start()
  await clock.advance(4_999)
  t.match(supervisor.state, { kind: 'waiting', quietMs: 0, openings: 0 })
  t.strictSame(log.lines(), ['info source waiting'])
  await clock.advance(1)
  t.match(supervisor.state, { kind: 'open', since: 5_000, openings: 1 })
  t.strictSame(log.lines(), ['info source waiting', 'info source opened'])
  await supervisor.stop('test')
})
