import fc from 'fast-check'
import t from 'tap'
import { encodePath } from '../../src/stream/encode-path.ts'
import { pathOfBytes, shownPath, systemPath } from '../../src/text/byte-path.ts'
import { parseRequestHead } from '../../src/transport/http/request-head.ts'

const name = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 255 }), fc.constantFrom(0x41, 0xc3, 0xa9, 0xed, 0xb2, 0xf0, 0x9f, 0x8e, 0xb8)),
)
const bytes = name.map((values) => Buffer.from(values))

t.test('keeps every byte of a name', async () => {
  fc.assert(fc.property(bytes, (bytes) => Buffer.from(systemPath(pathOfBytes(bytes))).equals(bytes)))
})

t.test('leaves valid UTF-8 as it is', async (t) => {
  for (const text of ['a.mp3', 'Café', '🎸 \udbff\udfff', '王菲']) {
    t.equal(pathOfBytes(Buffer.from(text)), text)
    t.equal(systemPath(text), text)
  }
})

t.test('shows bytes that are not UTF-8 as Latin-1', async (t) => {
  t.equal(shownPath(pathOfBytes(Buffer.from('caf\xe9 \xff', 'latin1'))), 'café ÿ')
  t.equal(shownPath('🎸'), '🎸')
})

t.test('returns an address that is read as the same name', async () => {
  const valid = bytes.filter((bytes) => !/\p{Cc}/u.test(pathOfBytes(bytes)))
  fc.assert(
    fc.property(valid, (bytes) => {
      const path = `/${pathOfBytes(bytes)}`
      return parseRequestHead(Buffer.from(`GET ${encodePath(path)} HTTP/1.0\r\n\r\n`)).path === path
    }),
  )
})
