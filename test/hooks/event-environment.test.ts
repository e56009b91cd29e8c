import t from 'tap'
import { eventEnvironment } from '../../src/hooks/event-environment.ts'

t.test('names the variables after the fields', async (t) => {
  t.strictSame(eventEnvironment({ event: 'source-down', stream: null, secondsUp: 1.5, reason: 'a "b"\n$(c)' }), {
    STREAMSERVE_EVENT: 'source-down',
    STREAMSERVE_STREAM: '',
    STREAMSERVE_SECONDS_UP: '1.5',
    STREAMSERVE_REASON: 'a "b"\n$(c)',
  })
})

t.test('removes NUL, and cuts a long value between two characters', async (t) => {
  const { STREAMSERVE_TITLE: title } = eventEnvironment({ title: `\0a\0${'🎵'.repeat(5_000)}` })
  t.equal(title, `a${'🎵'.repeat(1_999)}`)
})
