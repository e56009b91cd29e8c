import t from 'tap'
import type { Source } from '../../../src/source/source.ts'
import { type Ending, OpeningReports } from '../../../src/source/supervise/opening-reports.ts'
import { keepLog } from '../../kept-log.ts'
import { logging } from '../../logged-events.ts'
import { createManualClock, type ManualClock } from '../../manual-clock.ts'

const LABEL = 'made up'

function sourceThat(changes: Partial<Source> = {}): Source {
  return {
    label: LABEL,
    open: async () => {
      throw new Error('is not opened here')
    },
    ...changes,
  }
}

function failure(clock: ManualClock, changes: Partial<Ending> = {}): Ending {
  return {
    about: {},
    livedMs: 5,
    bytes: 0,
    reason: 'exit code 1',
    failed: true,
    cause: 'interrupted',
    openedAt: clock.now(),
    ...changes,
  }
}

t.test('logs the first failures in full, then counts them at intervals that double up to an hour', async (t) => {
  const clock = createManualClock(0)
  const log = keepLog()
  const openings = new OpeningReports(sourceThat(), clock, logging(log.logger))
  // A day of failures, one every 10 s.
  for (let i = 0; i < 8_640; i++) {
    openings.opened({})
    openings.closed(failure(clock), 'retried')
    await clock.advance(10_000)
  }
  const warnings = log.records.filter(({ level }) => level === 'warning')
  const full = warnings.filter(({ message }) => message.join('') === 'source closed')
  const folded = warnings.filter(({ message }) => message.join('') === 'source failed repeatedly')
  t.equal(full.length, 3)
  t.ok(folded.length > 23 && folded.length < 32, `${folded.length} reports`)
  t.match(folded[0]?.properties, { source: LABEL, failures: 4, reason: 'exit code 1', nextReport: '1m' })
  t.match(folded.at(-1)?.properties, { nextReport: '1h' })
  t.equal(log.records.filter(({ level }) => level === 'info').length, 3)
})

t.test('logs the end of standard error in warnings, but not that of an earlier opening', (t) => {
  const clock = createManualClock(1_000)
  const log = keepLog()
  const said = [
    { at: 10, text: 'long ago' },
    { at: 1_000, text: 'one' },
    { at: 1_001, text: 'two' },
    { at: 1_002, text: 'three' },
    { at: 1_003, text: 'four' },
  ]
  new OpeningReports(sourceThat({ stderrTail: said }), clock, logging(log.logger)).closed(failure(clock), 'retried')
  t.match(log.records[0]?.properties, { stderr: 'two | three | four' })
  new OpeningReports(sourceThat({ stderrTail: said.slice(0, 1) }), clock, logging(log.logger)).closed(
    failure(clock),
    'retried',
  )
  t.equal(log.records[1]?.properties['stderr'], undefined)
  t.end()
})

t.test('logs a failure of another kind in full, up to a hundred kinds', (t) => {
  const clock = createManualClock(0)
  const log = keepLog()
  const openings = new OpeningReports(sourceThat(), clock, logging(log.logger))
  const countFull = () => log.lines().filter((line) => line === 'warning source closed').length
  for (let i = 0; i < 10; i++) openings.closed(failure(clock), 'retried')
  t.equal(countFull(), 3)
  openings.closed(failure(clock, { reason: 'ended by SIGSEGV' }), 'retried')
  t.equal(countFull(), 4)
  for (let i = 0; i < 1_000; i++) openings.closed(failure(clock, { reason: `number ${i}` }), 'retried')
  t.equal(countFull(), 3 + 1 + 98)
  t.end()
})

t.test('logs in full again after a healthy opening, and that opening itself', (t) => {
  const clock = createManualClock(0)
  const log = keepLog()
  const openings = new OpeningReports(sourceThat(), clock, logging(log.logger))
  for (let i = 0; i < 10; i++) openings.closed(failure(clock), 'retried')
  t.equal(openings.level, 'debug')
  openings.opened({ pid: 7 })
  t.equal(log.lines().includes('info source opened'), false)
  openings.recovered({ pid: 7 })
  t.equal(openings.level, 'info')
  t.match(log.records.at(-1)?.properties, { pid: 7, failures: 10 })
  openings.closed(failure(clock), 'retried')
  t.equal(log.lines().at(-1), 'warning source closed')
  t.end()
})

t.test('names each broken file of a list once', (t) => {
  const clock = createManualClock(0)
  const log = keepLog()
  const openings = new OpeningReports(sourceThat({ tries: 5 }), clock, logging(log.logger))
  for (let i = 0; i < 100; i++) openings.closed(failure(clock, { about: { file: `${i % 20}.mp3` } }), 'retried')
  const warnings = log.records.filter(({ level }) => level === 'warning')
  const files = warnings.map(({ properties }) => properties['file']).filter((file) => file !== undefined)
  t.equal(new Set(files).size, 20)
  t.equal(files.length, 20)
  t.end()
})
