import t from 'tap'
import { linkStateOf, signatureOf } from '../../src/access/signed-link.ts'

const KEY = 'correct horse'
const UNTIL = 1_900_000_000
const EARLIER = (UNTIL - 1) * 1000

function linkOf(path: string, until = UNTIL, key = KEY) {
  return { until: String(until), sign: signatureOf(path, until, key) }
}

t.test('signs the decoded path, a line feed and the time', async (t) => {
  // printf '/nächte/radio 1.mp3\n1900000000' | openssl dgst -sha256 -hmac 'correct horse'
  const expected = '0eeebae201a3c5265b98ac5d5d99a453dc6f5c8a7479c8ebaed8debefd78d109'
  t.equal(signatureOf('/nächte/radio 1.mp3', UNTIL, KEY), expected)
})

t.test('accepts a link until its time', async (t) => {
  t.equal(linkStateOf('/cd', linkOf('/cd'), KEY, EARLIER), 'valid')
  t.equal(linkStateOf('/cd', linkOf('/cd'), KEY, UNTIL * 1000), 'valid')
  t.equal(linkStateOf('/cd', linkOf('/cd'), KEY, UNTIL * 1000 + 1), 'late')
})

t.test('accepts a signature in capitals', async (t) => {
  const { until, sign } = linkOf('/cd')
  t.equal(linkStateOf('/cd', { until, sign: sign.toUpperCase() }, KEY, EARLIER), 'valid')
})

t.test('refuses a link of another path, time or key', async (t) => {
  t.equal(linkStateOf('/cd', linkOf('/dj'), KEY, EARLIER), 'wrong')
  t.equal(linkStateOf('/cd', linkOf('/cd', UNTIL, 'other'), KEY, EARLIER), 'wrong')
  t.equal(linkStateOf('/cd', { ...linkOf('/cd'), until: String(UNTIL + 1) }, KEY, EARLIER), 'wrong')
})

t.test('refuses a time or a signature in another form', async (t) => {
  const { until, sign } = linkOf('/cd')
  for (const query of [
    { until: null, sign },
    { until, sign: null },
    { until: `0${until}`, sign },
    { until: `+${until}`, sign },
    { until: `${until}.0`, sign },
    { until: '1.9e9', sign },
    { until: '-1', sign: signatureOf('/cd', -1, KEY) },
    { until: 'NaN', sign: signatureOf('/cd', Number.NaN, KEY) },
    { until: '9'.repeat(400), sign },
    { until, sign: '' },
    { until, sign: sign.slice(2) },
    { until, sign: `${sign}00` },
    { until, sign: `${sign.slice(0, -1)}x` },
  ]) {
    t.equal(linkStateOf('/cd', query, KEY, EARLIER), 'wrong', JSON.stringify(query))
  }
})

t.test('tells a request without a link from one with a wrong one', async (t) => {
  t.equal(linkStateOf('/cd', { until: null, sign: null }, KEY, EARLIER), 'none')
})
