import fc from 'fast-check'
import t from 'tap'
import { logValue } from '../../src/text/log-value.ts'
import { printable } from '../../src/text/printable.ts'

t.test('leaves numbers, and text of the usual length, as they are', async (t) => {
  for (const value of [17, true, undefined, 'a'.repeat(1_000), 'mpv 0.38']) t.equal(logValue(value), value)
})

t.test('cuts long text, and hides what a secret is cut from', async (t) => {
  t.equal(logValue('a'.repeat(1_001)), `${'a'.repeat(1_000)}…`)
  t.equal(logValue(`x password=${'S3cret'.repeat(10)}`), 'x password=***')
  t.match(logValue(`${'a '.repeat(490)}rtsp://me:${'S3cret'.repeat(30)}@host/`), /rtsp:\/\/me:\*\*\*@/)
  t.match(logValue(new Error('of rtsp://me:S3cret@host/')), 'Error: of rtsp://me:***@host/')
})

t.test('writes about a thousand characters at most, for any text', async () => {
  const characters = fc.constantFrom('a', '"', '\u0080', '\u202e', '\n', '𝄞', 'é')
  fc.assert(
    fc.property(fc.array(characters, { minLength: 900, maxLength: 3_000 }), (text) => {
      const { length } = printable(String(logValue(text.join(''))))
      return length <= 1_200
    }),
  )
})
