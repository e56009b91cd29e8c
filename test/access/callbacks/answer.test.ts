import t from 'tap'
import { readAnswer } from '../../../src/access/callbacks/answer.ts'

const YES = { 'icecast-auth-user': '1' }

t.test('icecast-auth-user: 1 is a yes, with an optional limit in seconds', async (t) => {
  t.strictSame(readAnswer({ status: 200, headers: YES }), { kind: 'yes', limitMs: undefined })
  const limited = readAnswer({ status: 200, headers: { ...YES, 'icecast-auth-timelimit': '900' } })
  t.strictSame(limited, { kind: 'yes', limitMs: 900_000 })
  const odd = readAnswer({ status: 200, headers: { ...YES, 'icecast-auth-timelimit': 'soon' } })
  t.strictSame(odd, { kind: 'yes', limitMs: undefined })
})

t.test('every other answer of success, 401 and 403 is a no', async (t) => {
  for (const [status, value] of [
    [200, '0'],
    [200, '10'],
    [200, 'yes'],
    [204, undefined],
    [401, '1'],
    [403, undefined],
  ] as const) {
    const headers = value === undefined ? {} : { 'icecast-auth-user': value }
    t.equal(readAnswer({ status, headers }).kind, 'no', `${status} ${value}`)
  }
  const told = readAnswer({
    status: 403,
    headers: { 'icecast-auth-message': Buffer.from('später').toString('latin1') },
  })
  t.strictSame(told, { kind: 'no', message: 'später' })
})

function kindOf(location?: string): string {
  return readAnswer({ status: 302, headers: location === undefined ? {} : { location } }).kind
}

t.test('a redirect is to a path or to the web', async (t) => {
  t.equal(kindOf('/other'), 'elsewhere')
  t.equal(kindOf('https://other.example/x'), 'elsewhere')
  for (const location of [undefined, '', 'other', 'file:///x', 'javascript:alert(1)', '/a b'])
    t.equal(kindOf(location), 'failed')
})

t.test('other statuses are failures', async (t) => {
  for (const status of [400, 404, 429, 500, 503]) t.equal(readAnswer({ status, headers: YES }).kind, 'failed')
})
