import type { Command } from '../plan/command.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import type { SourcePlan, StreamPlan } from '../plan/stream-plan.ts'
import { shownUrl } from '../source/relay/shown-url.ts'
import { maskSecrets } from '../text/mask-secrets.ts'
import { printable } from '../text/printable.ts'

/** Maximum width of a column, in characters; a longer text is cut. */
const MAX_WIDTH = 48
const HEADINGS = ['PATH', 'SOURCE', 'OPENS', 'NAME', 'FROM'] as const

/** Returns the streams of a plan as a table with a line for each. */
export function planTable({ streams, published, isStation }: ProgramPlan): string {
  const wildcards = isStation ? published.filter(({ place }) => place !== undefined) : []
  const rows = [HEADINGS, ...[...streams, ...wildcards].map(rowOf)]
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}

function rowOf(plan: StreamPlan): readonly string[] {
  const { path, sources, supervision, about, place } = plan
  const [source] = sources
  const opens = source === undefined ? 'published' : supervision.warm ? 'at the start' : 'on demand'
  return [path, source === undefined ? '-' : sourceText(source), opens, about.name ?? '-', place ?? 'command line'].map(
    cut,
  )
}

/** Describes a source as in a configuration file, without secrets. */
function sourceText(source: SourcePlan): string {
  switch (source.kind) {
    case 'exec':
      return maskSecrets(`exec ${commandText(source.command)}`)
    case 'path':
      return `path ${source.path}`
    case 'play':
      return `play ${source.paths.join(' ')}`
    case 'from': {
      const { path, form, command } = source
      const origin = form === undefined ? path : `${path}?${form}`
      return maskSecrets(`from ${origin}${command === undefined ? '' : `, exec ${commandText(command)}`}`)
    }
    case 'relay':
      return `relay ${source.urls.map(shownUrl).join(' ')}`
    case 'hub': {
      const { name, relay } = source
      return `from hub:${name}${relay === undefined ? '' : `, relay ${relay.urls.map(shownUrl).join(' ')}`}`
    }
    default:
      return source.kind
  }
}

function commandText(command: Command): string {
  return command.kind === 'shell' ? command.line : [command.file, ...command.args].join(' ')
}

function cut(text: string): string {
  const shown = printable(text)
  return shown.length > MAX_WIDTH ? `${shown.slice(0, MAX_WIDTH - 3)}...` : shown
}
