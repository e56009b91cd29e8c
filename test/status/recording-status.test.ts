import t from 'tap'
import { recordingStatus } from '../../src/status/recording-status.ts'

const FILE = { path: '/srv/a\n.mp3', since: 5_000, bytes: 1234 }
const NOTHING = { file: undefined, failure: undefined, lostAt: undefined }

function moment(at: number): string {
  return `at ${at}`
}

t.test('tells apart recordings that go on, wait, fail and have gaps', async (t) => {
  const stateOf = (changes: object) => recordingStatus({ ...NOTHING, ...changes }, 0, 100_000, moment, true)?.state
  t.equal(stateOf({}), 'waiting')
  t.equal(stateOf({ file: FILE }), 'recording')
  t.equal(stateOf({ file: FILE, lostAt: 50_000 }), 'losing')
  t.equal(stateOf({ file: FILE, lostAt: 40_000 }), 'recording')
  t.equal(stateOf({ failure: 'the disk is full', lostAt: 99_000 }), 'failing')
  t.equal(recordingStatus(undefined, 0, 0, moment, true), null)
})

t.test('has the path of the file for operators only', async (t) => {
  const [shown, hidden] = [true, false].map((showsFiles) =>
    recordingStatus({ ...NOTHING, file: FILE }, 7, 10_000, moment, showsFiles),
  )
  t.match(shown, { file: String.raw`/srv/a\u000a.mp3`, since: 'at 5000', bytes: 1234, framesLost: 7, lostAt: null })
  t.match(hidden, { file: null, since: 'at 5000' })
})
