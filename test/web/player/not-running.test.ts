import t from 'tap'
import { isBlocked } from '../../../src/web/player/not-running.ts'

const SUSPENDED = { state: 'suspended', policy: undefined, hasBeenActive: undefined }

t.test('a context is blocked when the page was never clicked', async (t) => {
  t.ok(isBlocked({ ...SUSPENDED, hasBeenActive: false }))
  t.ok(isBlocked(SUSPENDED), 'or the browser does not say so')
})

t.test('a context that is slow to run after a click is not blocked', async (t) => {
  t.notOk(isBlocked({ ...SUSPENDED, hasBeenActive: true }))
})

t.test("Firefox's own policy decides", async (t) => {
  t.ok(isBlocked({ ...SUSPENDED, policy: 'disallowed', hasBeenActive: true }))
  t.notOk(isBlocked({ ...SUSPENDED, policy: 'allowed', hasBeenActive: false }))
})

t.test('a context that a call has interrupted waits for a click', async (t) => {
  t.ok(isBlocked({ state: 'interrupted', policy: undefined, hasBeenActive: true }))
})
