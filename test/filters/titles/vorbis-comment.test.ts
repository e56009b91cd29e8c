import fc from 'fast-check'
import t from 'tap'
import { titleOfComments } from '../../../filters/titles/vorbis-comment.ts'
import { comments } from '../ogg/made-up-ogg.ts'

await t.test('returns artist and title in one line', (t) => {
  const cases: [string[], string][] = [
    [['TITLE=Song', 'ARTIST=Somebody'], 'Somebody - Song'],
    [['artist=A', 'Title=B', 'ALBUM=C', 'ALBUMARTIST=D'], 'A - B'],
    [['TITLE=Song'], 'Song'],
    [['ARTIST=Somebody'], 'Somebody'],
    [['ARTIST=A', 'ARTIST=B', 'TITLE=C', 'ARTIST='], 'A, B - C'],
    [['TITLE=First', 'TITLE=Second'], 'First'],
    [['TITLE=', 'TITLE=Second'], 'Second'],
    [['TITLE= two\r\nlines\u2028and\0a\x1b[1m \n'], 'two lines and a [1m'],
    [['TITLE=a=b'], 'a=b'],
    [['TITLE', 'TITLES=x', '=y', ''], ''],
    [['TITLE=Žluťoučký kůň 🐎'], 'Žluťoučký kůň 🐎'],
    [[], ''],
  ]
  for (const [fields, title] of cases) t.equal(titleOfComments(comments(...fields)), title)
  t.end()
})

await t.test('cuts a long title between characters', (t) => {
  t.equal(titleOfComments(comments(`TITLE=${'🐎'.repeat(2000)}`)), '🐎'.repeat(300))
  t.equal(titleOfComments(comments(`TITLE=${'a'.repeat(2000)}`, `ARTIST=${'b'.repeat(2000)}`)), 'b'.repeat(300))
  t.equal(titleOfComments(comments(...Array.from({ length: 50 }, () => 'ARTIST=x'))), Array(20).fill('x').join(', '))
  t.end()
})

await t.test('replaces bytes that are not UTF-8', (t) => {
  const broken = comments('TITLE=??x')
  broken.write('\xff\xc3', broken.length - 3, 'latin1')
  t.equal(titleOfComments(broken), '\ufffd\ufffdx')
  t.end()
})

/** Returns whether a text is one line of printable characters. */
function isLine(text: string): boolean {
  return text.length <= 600 && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text) && text === text.trim()
}

await t.test('returns one line for any bytes, and never throws', (t) => {
  const field = fc
    .tuple(fc.constantFrom('TITLE=', 'ARTIST=', 'x='), fc.string({ unit: 'binary' }))
    .map(([a, b]) => a + b)
  const whole = fc.array(field, { maxLength: 5 }).map((fields) => comments(...fields))
  const damaged = fc.tuple(whole, fc.array(fc.tuple(fc.nat(), fc.nat(255)))).map(([bytes, changes]) => {
    for (const [at, value] of changes) bytes[at % bytes.length] = value
    return bytes
  })
  const cutShort = fc.tuple(damaged, fc.nat(100)).map(([bytes, length]) => bytes.subarray(0, length))
  const bytes = fc.oneof(
    damaged,
    cutShort,
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  )
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(bytes, (bytes) => isLine(titleOfComments(bytes))),
      { numRuns: 1000 },
    ),
  )
  t.end()
})

await t.test('reads comments that claim to be endless quickly', (t) => {
  const many = Buffer.concat([comments(), Buffer.alloc(4 * 1024 * 1024)])
  many.writeUInt32LE(0xffffffff, 4 + many.readUInt32LE(0))
  const from = performance.now()
  t.equal(titleOfComments(many), '')
  t.ok(performance.now() - from < 200)
  t.end()
})
