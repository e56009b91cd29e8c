/** Three documents describe the same flags: each is parsed, and their contents must agree. */
import t from 'tap'
import { manPage } from '../../../src/config/documents/man-page.ts'
import { optionsByFlag } from '../../../src/config/flags.ts'
import { helpText } from '../../../src/config/help.ts'
import { pageOf } from '../../docs/pages.ts'

/** The default of each flag, as shown; `false` for a switch that is off. */
type Defaults = Readonly<Record<string, string>>

function sorted(entries: readonly (readonly [flags: string, shown: string | undefined])[]): Defaults {
  const all = entries.flatMap(([flags, shown = 'false']) =>
    [...flags.matchAll(/-([a-z-]+)/g)].map(([, flag = '']) => [flag, shown] as const),
  )
  return Object.fromEntries(all)
}

function inHelp(): Defaults {
  const entries = helpText()
    .split(/^[ *] (?=-)/m)
    .slice(1)
  return sorted(
    entries.map((entry) => {
      const [, flags = '', text = ''] = /^((?:-[a-z-]+(?:, )?)+)(.*)/s.exec(entry.split(/\n\n/)[0] ?? '') ?? []
      return [flags, /\(default: (.*)\)$/.exec(text.replaceAll(/\s+/g, ' ').trim())?.[1]]
    }),
  )
}

function inManPage(): Defaults {
  const text = manPage({ version: '', date: '' }).replaceAll('\\-', '-').replaceAll('\\(aq', "'")
  const entries = text.split('.TP\n').filter((entry) => entry.startsWith('\\fB-'))
  return sorted(
    entries.map((entry) => {
      const [tag = '', ...lines] =
        entry
          .split(/\n(?=\.S)/)[0]
          ?.trim()
          .split('\n') ?? []
      const shown = /\.br Default: (.*)\.$/.exec(lines.join(' '))?.[1]
      return [tag.replace(/\\fI.*$/, ''), shown?.replaceAll(/\\f[BP]/g, '')]
    }),
  )
}

function inPage(): Defaults {
  const rows = pageOf('flags')
    .split('\n')
    .filter((line) => line.startsWith('| `-'))
  return sorted(
    rows.map((row) => {
      const [, flags = '', shown = ''] = row.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('`', '').trim())
      return [flags.replaceAll(/ [^-].*?(?=,|$)/g, ''), shown === '' ? undefined : shown]
    }),
  )
}

t.test('help, the man page and docs/flags.md name the same flags with the same defaults', async (t) => {
  const help = inHelp()
  t.strictSame(inManPage(), help)
  t.strictSame(inPage(), help)
})

t.test('the documents have the flags and the defaults of the program', async (t) => {
  const known = [...optionsByFlag].map(([flag, { alias, shown, default: value }]) => {
    return [alias === undefined ? `-${flag}` : `-${flag}, -${alias}`, shown ?? value] as const
  })
  t.strictSame(inHelp(), sorted(known))
})
