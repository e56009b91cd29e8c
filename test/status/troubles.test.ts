import t from 'tap'
import { type ProgramFacts, programTroubles } from '../../src/status/program-troubles.ts'
import { Troubles } from '../../src/status/troubles.ts'
import { WallClock } from '../../src/status/wall-clock.ts'
import { createManualClock } from '../manual-clock.ts'
import { FACTS, sourceOf, streamOf, WALL } from './reports.ts'

const DAY_MS = 86_400_000
function moment(at: number): string {
  return `at ${at}`
}

function troubles(changes: Partial<ProgramFacts>, wall = WALL) {
  return programTroubles({ ...FACTS, ...changes }, { clock: 10_000_000, wall })
}

t.test('reports nothing of a program that works', async (t) => {
  t.strictSame(troubles({}), [])
  t.strictSame(troubles({ certificateEndsAt: undefined, connections: { open: 99, max: 100 } }), [])
})

t.test('reports limits that are reached, and files that cannot be used', async (t) => {
  t.match(troubles({ descriptors: { used: 900, limit: 1_000, areNearlyAll: true } }), [
    { kind: 'descriptors', severity: 'error', stream: null, text: /^Nearly all of the 1000 file descriptors/ },
  ])
  t.match(troubles({ connections: { open: 100, max: 100 } }), [{ kind: 'connections', severity: 'warning' }])
  t.match(troubles({ files: ['One.', 'Two.'] }), [{ kind: 'file', severity: 'error', text: 'One. Two.' }])
})

t.test('reports a certificate from 14 days before its end on, as an error from 3 days on', async (t) => {
  t.match(troubles({ certificateEndsAt: WALL + 13.5 * DAY_MS }), [
    { severity: 'warning', text: 'The certificate ends in 13 days, on 2026-06-14, and has not been renewed.' },
  ])
  t.match(troubles({ certificateEndsAt: WALL + 1.5 * DAY_MS }), [{ severity: 'error', text: /ends in 1 day, on/ }])
  t.match(troubles({ certificateEndsAt: WALL + 0.5 * DAY_MS }), [{ text: /ends within a day, on/ }])
  t.match(troubles({ certificateEndsAt: WALL - 1 }), [
    { severity: 'error', text: /^The certificate has ended on 2026/ },
  ])
})

t.test('reports a crash of a thread and a jump of the clock for an hour', async (t) => {
  const clockJump = { at: 9_000_000, text: 'It has jumped.' }
  t.match(troubles({ clockJump, threadCrashedAt: 9_000_000 }), [
    { kind: 'clock', severity: 'warning', text: 'It has jumped.' },
    { kind: 'thread', severity: 'warning' },
  ])
  t.strictSame(troubles({ clockJump: { ...clockJump, at: 6_000_000 }, threadCrashedAt: 6_000_000 }), [])
})

t.test('reports a clock that is before the time at which this program was written', async (t) => {
  t.match(troubles({ certificateEndsAt: undefined }, Date.UTC(1970, 0, 2)), [
    { kind: 'clock', severity: 'error', text: 'The system clock is wrong: it shows 1970-01-02.' },
  ])
})

t.test('notices when the system clock is set by 5 s or more, and not that time passes', async (t) => {
  const clock = createManualClock()
  let wall = WALL
  const wallClock = new WallClock(clock, () => wall)
  const pass = async (ms: number, wallMs: number) => {
    await clock.advance(ms)
    wall += wallMs
    wallClock.look()
    return wallClock.jump?.text
  }
  t.equal(await pass(3_600_000, 3_600_000), undefined)
  t.equal(await pass(5_000, 9_999), undefined, 'NTP makes small corrections')
  t.match(await pass(5_000, 3_605_000), /set forward by 1 h, or/)
  t.match(await pass(5_000, 5_000), /set forward by 1 h, or/)
  t.equal(await pass(5_000, -85_000), 'The system clock was set back by 1 min 30 s.')
})

t.test('remembers since when a trouble lasts, and has errors first', async (t) => {
  const seen = new Troubles()
  const full = streamOf('/a', { listeners: 1, maxListeners: 1 })
  const failing = streamOf('/b', {
    source: sourceOf({ state: 'retrying', lastEnd: { at: '2026-05-31T11:59:00Z', why: 'exit code 1', failed: true } }),
  })
  const look = (streams: (typeof full)[], clock: number) => seen.look(streams, FACTS, { clock, wall: WALL }, moment)
  t.match(look([full], 1), [{ stream: '/a', since: 'at 1' }])
  t.match(look([full, failing], 2), [
    { stream: '/b', severity: 'error', since: 'at 2' },
    { stream: '/a', severity: 'warning', since: 'at 1' },
  ])
  t.strictSame(look([], 3), [])
  t.match(look([full, failing], 4), [{ since: 'at 4' }, { since: 'at 4' }])
})
