import { existsSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import t, { type Test } from 'tap'
import type { StreamPlan } from '../../src/plan/stream-plan.ts'
import { systemDisk } from '../../src/recorder/disk.ts'
import { Recorders } from '../../src/recorder/recorders.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'
import { streamPlan } from '../plans.ts'
import { filesIn, numbered, openRecorded } from './recorded.ts'

const NOW = Date.parse('2026-05-31T12:00:00Z')
const DAY_MS = 86_400_000

/** Creates files that have last changed this number of days ago. */
function create(folder: string, files: Readonly<Record<string, number>>): void {
  for (const [name, days] of Object.entries(files)) {
    const path = `${folder}/${name}`
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, name)
    const at = new Date(NOW - days * DAY_MS)
    utimesSync(path, at, at)
  }
}

function planOf(record: string, keep: string | undefined, path = '/radio'): StreamPlan {
  const flags = keep === undefined ? [] : ['-record-keep', keep]
  return { ...streamPlan('-path', '/dev/null', '-record', record, ...flags), path }
}

/** Deletes what is too old. @returns logged lines */
async function clean(t: Test, ...plans: readonly StreamPlan[]) {
  const clock = createManualClock()
  const log = keepLog()
  const recorders = new Recorders(
    () => plans,
    { clock, log: log.logger },
    systemDisk,
    () => NOW,
  )
  recorders.clean()
  t.teardown(() => recorders.end())
  await recorders.cleaned()
  return { log, clock, recorders }
}

t.test('deletes old files of the pattern with their cue sheets, and no other', async (t) => {
  const folder = t.testdir()
  create(folder, {
    'radio/2026-05-01/10.mp3': 30,
    'radio/2026-05-01/10.1.mp3': 30,
    'radio/2026-05-01/10.cue': 30.01,
    'radio/2026-05-01/10.1.cue': 30.01,
    'radio/2026-05-01/notes.txt': 30,
    'radio/2026-05-02/11.mp3': 29,
    'radio/2026-05-02/11.cue': 29,
    'radio/2026-05-30/11.mp3': 1,
    'radio/2026-05-30/11.cue': 40,
    'radio/mine/11.mp3': 90,
    'other/2026-05-01/10.mp3': 90,
    '10.mp3': 90,
  })
  const { log } = await clean(t, planOf(`${folder}/%{stream}/%F/%H.mp3`, '7d'))
  t.strictSame(
    [...filesIn(folder).keys()],
    [
      '10.mp3',
      'other/2026-05-01/10.mp3',
      'radio/2026-05-01/notes.txt',
      'radio/2026-05-30/11.cue',
      'radio/2026-05-30/11.mp3',
      'radio/mine/11.mp3',
    ],
  )
  t.notOk(existsSync(`${folder}/radio/2026-05-02`), 'the empty folder is removed')
  const record = log.records.find(({ message }) => message.join('') === 'old recordings deleted')
  t.match(record?.properties, { folder, files: 6 })
})

t.test('deletes nothing through links, and no link', async (t) => {
  const folder = t.testdir()
  const outside = `${folder}-outside`
  t.teardown(() => rmSync(outside, { recursive: true, force: true }))
  create(outside, { '2026-05-01/10.mp3': 30 })
  mkdirSync(`${folder}/radio`)
  symlinkSync(`${outside}/2026-05-01`, `${folder}/radio/2026-05-01`)
  mkdirSync(`${folder}/radio/2026-05-02`)
  symlinkSync(`${outside}/2026-05-01/10.mp3`, `${folder}/radio/2026-05-02/10.mp3`)
  await clean(t, planOf(`${folder}/%{stream}/%F/%H.mp3`, '7d'))
  t.ok(existsSync(`${outside}/2026-05-01/10.mp3`))
  t.ok(existsSync(`${folder}/radio/2026-05-02/10.mp3`))
})

t.test('keeps the files of a stream that keeps them longer, or for ever', async (t) => {
  const folder = t.testdir()
  create(folder, { 'guests_a/1.mp3': 10, 'guests_b/1.mp3': 10, 'guests_c/1.mp3': 10 })
  const pattern = `${folder}/%{stream}/%d`
  const plans = [
    planOf(pattern, '7d', '/guests/*'),
    planOf(pattern, undefined, '/guests/b'),
    planOf(pattern, '30d', '/guests/c'),
  ]
  create(folder, { 'guests_a/01.mp3': 10, 'guests_b/01.mp3': 10, 'guests_c/01.mp3': 10 })
  await clean(t, ...plans)
  t.strictSame(
    [...filesIn(folder).keys()].filter((name) => name.endsWith('01.mp3')),
    ['guests_b/01.mp3', 'guests_c/01.mp3'],
  )
})

t.test('deletes again each hour', async (t) => {
  const folder = t.testdir()
  create(folder, { '2026-05-01.mp3': 3 })
  const { clock, recorders } = await clean(t, planOf(`${folder}/%F.mp3`, '7d'))
  t.ok(existsSync(`${folder}/2026-05-01.mp3`))
  create(folder, { '2026-05-01.mp3': 8 })
  await clock.advance(3_600_000)
  await recorders.cleaned()
  t.notOk(existsSync(`${folder}/2026-05-01.mp3`))
})

t.test('does not delete a file that is being written, whatever its time', async (t) => {
  const folder = t.testdir()
  const { send, recorders, clock, idle, stream } = openRecorded(t, `${folder}/a.wav`)
  stream.change({ ...stream.plan, recording: { pattern: `${folder}/a.wav`, keepMs: 1000 } })
  await send(numbered(0, 2))
  await clock.advance(1000)
  await idle()
  utimesSync(`${folder}/a.wav`, new Date(0), new Date(0))
  recorders.clean()
  await recorders.cleaned()
  t.ok(existsSync(`${folder}/a.wav`))
})

t.test('a folder that does not exist is no fault, and others are logged', async (t) => {
  const folder = t.testdir({ file: '' })
  t.strictSame((await clean(t, planOf(`${folder}/none/%F.mp3`, '7d'))).log.lines(), [])
  const { log } = await clean(t, planOf(`${folder}/file/%F.mp3`, '7d'))
  t.strictSame(log.lines(), ['warning old recordings not deleted'])
})
