/** The file of `-config`, or the `*.conf` files of a directory. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { RefusedValue } from '../../text/refused-value.ts'
import { collectErrors, type ErrorList } from '../error-list.ts'
import { quoted, UsageError } from '../usage-error.ts'
import { readConfigText } from './config-text.ts'
import { linesOf } from './lines.ts'
import { type Section, SectionBuilder } from './section.ts'
import { sectionPath } from './section-path.ts'

/** Content of a configuration file, or of a directory of them. */
export interface ConfigFile {
  /** As given with `-config`. */
  readonly path: string
  readonly head: Section
  readonly sections: readonly Section[]
}

/** @throws UsageError about the first wrong line, with further ones, or because a file cannot be read */
export function readConfigFile(path: string): ConfigFile {
  return collectErrors((errors) => {
    const files = filesOf(path).map((file) => sectionsOf(file, errors))
    const heads = files.flatMap(([head]) => (head !== undefined && head.values.size > 0 ? [head] : []))
    const [head, second] = heads
    if (head !== undefined && second !== undefined) errors.add(secondHead(head, second))
    const sections = files.flatMap(([, ...others]) => others)
    refuseTwice(sections, errors)
    return { path, head: head ?? new SectionBuilder(undefined, path, 1).build(), sections }
  })
}

/** Returns the file itself; of a directory, its `*.conf` files in the order of their names. */
function filesOf(path: string): readonly string[] {
  if (!isDirectory(path)) return [path]
  const names = readdirSync(path).filter((name) => name.endsWith('.conf'))
  if (names.length === 0) throw new UsageError(`${path}: this directory contains no *.conf files`, 'config', undefined)
  return names.toSorted().map((name) => join(path, name))
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    // Reading the file reports why.
    return false
  }
}

/** Returns the head of a file, and its sections. */
function sectionsOf(file: string, errors: ErrorList): readonly Section[] {
  let current = new SectionBuilder(undefined, file, 1)
  const all = [current]
  for (const line of linesOf(errors.try(() => readConfigText(file)) ?? '')) {
    if (line.kind === 'setting') errors.try(() => current.add(line))
    else {
      // After a wrong path, the lines of the section are still checked.
      current = new SectionBuilder(errors.try(() => pathOf(line.text, file, line.number)) ?? '', file, line.number)
      all.push(current)
    }
  }
  return all.map((section) => section.build())
}

function pathOf(text: string, file: string, line: number): string {
  try {
    return sectionPath(text)
  } catch (error) {
    if (!(error instanceof RefusedValue)) throw error
    throw new UsageError(`${file}:${line}: ${quoted(text)}: ${error.message}`, 'config', text)
  }
}

function refuseTwice(sections: readonly Section[], errors: ErrorList): void {
  const known = new Map<string, Section>()
  for (const section of sections) {
    const { path = '', file, line } = section
    const earlier = known.get(path)
    if (path === '' || earlier === undefined) known.set(path, section)
    else {
      const where = earlier.file === file ? `line ${earlier.line}` : `${earlier.file}:${earlier.line}`
      errors.add(new UsageError(`${file}:${line}: [${path}] is repeated: its section is at ${where}`, 'config', path))
    }
  }
}

function secondHead(first: Section, { file, lines }: Section): UsageError {
  const line = Math.min(...lines.values())
  const why = `only one file may have options before its first section, and ${first.file} has some`
  return new UsageError(`${file}:${line}: ${why}`, 'config', undefined)
}
