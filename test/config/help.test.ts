import t from 'tap'
import { flagNames, optionsByFlag } from '../../src/config/flags.ts'
import { helpText } from '../../src/config/help.ts'
import { wrap } from '../../src/config/wrap.ts'

const lines = helpText().split('\n')
const packageLines = helpText(true).split('\n')

t.test('each line of help fits a terminal of 80 columns and ends without blanks', async (t) => {
  for (const line of [...lines, ...packageLines]) {
    t.ok(line.length <= 80, line)
    t.equal(line, line.trimEnd())
  }
})

t.test('help has every flag, by each of its names, with the form of its value', async (t) => {
  for (const name of flagNames)
    t.ok(
      lines.some((line) => new RegExp(`^[ *] (-.*, )?-${name}( |,|$)`).test(line)),
      name,
    )
  for (const [flag, { kind }] of optionsByFlag) {
    if (kind.placeholder)
      t.ok(
        lines.some((line) => line.includes(`-${flag}`) && line.includes(kind.placeholder)),
        flag,
      )
  }
})

t.test('help has every default', async (t) => {
  const text = helpText().replaceAll(/\s+/g, ' ')
  for (const { shown, default: value } of optionsByFlag.values()) {
    const note = shown ?? value
    if (note !== undefined && note !== 'false') t.match(text, `(default: ${note})`)
  }
})

t.test('help marks flags of the whole program', async (t) => {
  for (const [flag, { scope }] of optionsByFlag) {
    const mark = scope === 'program' ? '\\*' : ' '
    t.ok(
      lines.some((line) => new RegExp(`^${mark} -${flag}( |,|$)`).test(line)),
      flag,
    )
  }
})

t.test('help begins with usage and examples and ends at the README', async (t) => {
  t.match(helpText(), /^streamserve .*\n\nUsage:\n {2}streamserve/)
  t.match(helpText(), /\n\nExamples:\n/)
  t.match(lines.at(-1), /README\.md/)
})

t.test('wraps text at blanks, and puts a long word on a line of its own', async (t) => {
  t.strictSame(wrap('one two three', 7), ['one two', 'three'])
  t.strictSame(wrap('one incomprehensibilities two', 7), ['one', 'incomprehensibilities', 'two'])
  t.strictSame(wrap('', 7), [''])
})
