/** What `-help` prints: usage, examples, and the table of options, within the 80 columns of a terminal. */
import { FILTERS } from '../../filters/table.ts'
import type { Option } from './option.ts'
import { optionGroups } from './options.ts'
import { wrap } from './wrap.ts'

const columns = 80
// Where the texts begin.
const helpColumn = 30
const filterColumn = 14

const opening = `streamserve reads a live stream from a pipe and gives it to every listener.

Usage:
  streamserve [flags]
  streamserve [flags] -exec COMMAND [ARGUMENT ...]
  streamserve [flags] -exec "COMMAND | COMMAND" [flags]

Examples:
  A melody, to hear that it works; open http://localhost:8080/ in a browser.
    streamserve -demo -address :8080
  The sound card, in every browser of the network.
    streamserve -address :8080 -exec "arecord -f cd --file-type raw"
  The same as MP3, encoded once for everybody and only while somebody listens.
    streamserve -address :6464 -frame-filter mp3 -close-idle \\
                -exec sh -c 'arecord -f cd -t raw | lame -r -b 128 - -'`

const closing = `A value follows its flag after a blank or an equals sign, and two dashes do as
well as one: -burst 2s, --burst=2s. A switch is turned off by -reopen=false.
Durations are written 150ms, 30s, 1h15m; sizes are plain numbers of bytes.

README.md has recipes for sound cards, encoders, FIFOs and your own filters.`

/** @returns the whole text, without a newline at its end. */
export function helpText(): string {
  const groups = Object.entries(optionGroups).map(([title, options]) => groupHelp(title, options))
  return [opening, ...groups, filterHelp(), closing].join('\n\n')
}

function filterHelp(): string {
  const lines = [...FILTERS].flatMap(([name, { help }]) =>
    entry(name, wrap(help, columns - filterColumn), filterColumn),
  )
  return ['Filters:', ...lines].join('\n')
}

function groupHelp(title: string, options: Readonly<Record<string, Option>>): string {
  const lines = Object.entries(options).flatMap(([flag, option]) => optionHelp(flag, option))
  return [`${title}:`, ...lines].join('\n')
}

function optionHelp(flag: string, option: Option): string[] {
  return entry(usage(flag, option), paragraph(option.help, defaultNote(option)), helpColumn)
}

function entry(name: string, right: string[], column: number): string[] {
  const left = `  ${name}`
  // A name that reaches into the column of the texts has its first line to itself.
  const texts = left.length < column - 1 ? right : ['', ...right]
  return texts.map((text, index) => `${(index === 0 ? left : '').padEnd(column)}${text}`.trimEnd())
}

function usage(flag: string, { alias, kind, several }: Option): string {
  const names = alias ? `-${flag}, -${alias}` : `-${flag}`
  return [names, kind.placeholder, several ? '...' : ''].filter((part) => part !== '').join(' ')
}

/** @returns nothing for a switch that is off unless given: it says so by being a switch. */
function defaultNote(option: Option): string {
  const shown = option.shown ?? option.default
  return shown === undefined || shown === 'false' ? '' : `(default: ${shown})`
}

/** The note follows the text where it fits on the line, and has lines of its own where it does not. */
function paragraph(text: string, note: string): string[] {
  const width = columns - helpColumn
  const lines = wrap(text, width)
  if (note === '') return lines
  const last = `${lines.at(-1)} ${note}`
  return last.length <= width ? [...lines.slice(0, -1), last] : [...lines, ...wrap(note, width)]
}
