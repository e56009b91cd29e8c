import fc from 'fast-check'
import t from 'tap'
import { answerRange } from '../../../src/transport/http/range.ts'

t.test('sends the whole stream without a Range, and for that of Chromium', async (t) => {
  t.same(answerRange(undefined), { kind: 'all' })
  t.same(answerRange('bytes=0-'), { kind: 'all' })
})

t.test('sends two bytes for the probe of Safari', async (t) => {
  t.same(answerRange('bytes=0-1'), { kind: 'probe', bytes: 2 })
  t.same(answerRange('Bytes=0-0'), { kind: 'probe', bytes: 1 })
})

t.test('takes a range of up to 64 KiB as a probe, and a longer one as the stream', async (t) => {
  t.same(answerRange('bytes=0-65535'), { kind: 'probe', bytes: 65_536 })
  t.same(answerRange('bytes=0-65536'), { kind: 'all' })
  t.same(answerRange('bytes=0-9223372036854775806'), { kind: 'all' }, 'what WebKit asks for when the length is unknown')
  t.same(answerRange(`bytes=0-${'9'.repeat(400)}`), { kind: 'all' })
})

t.test('ignores other ranges', async (t) => {
  const headers = [
    '',
    'bytes',
    'bytes=',
    'bytes=-1',
    'bytes=1-2',
    'bytes=0-1,3-4',
    'bytes=0-1, bytes=0-1',
    'bytes=0--1',
  ]
  for (const header of [
    ...headers,
    'bytes 0-1',
    'items=0-1',
    'bytes=0-1x',
    'bytes=0-0x1',
    'bytes=0-1\n',
    'bytes=0-1e3',
  ]) {
    t.same(answerRange(header), { kind: 'all' }, JSON.stringify(header))
  }
})

t.test('returns probes of 1 to 65536 bytes for any header', async () => {
  const header = fc.oneof(
    fc.string(),
    fc.nat().map((last) => `bytes=0-${last}`),
  )
  fc.assert(
    fc.property(header, (text) => {
      const answer = answerRange(text)
      return answer.kind === 'all' || (answer.bytes >= 1 && answer.bytes <= 65_536)
    }),
  )
})
