import type { Given } from '../given.ts'
import { placed, UsageError } from '../usage-error.ts'
import type { SettingLine } from './lines.ts'
import { readLine, type Setting } from './read-line.ts'

/** Lines of one section, or the lines before the first section: the head of the file. All values in it can be parsed. */
export interface Section extends Given {
  /** Path of the stream; undefined: the head. */
  readonly path: string | undefined
  readonly file: string
  /** Line of `[/path]`, counted from 1; of a head, 1. */
  readonly line: number
  /** Line on which each flag, by its full name, first appears; counted from 1. */
  readonly lines: ReadonlyMap<string, number>
}

/** Collects the lines of a section. */
export class SectionBuilder {
  readonly path: string | undefined
  readonly file: string
  readonly line: number
  readonly #settings = new Map<string, Setting>()
  readonly #lines = new Map<string, number>()

  constructor(path: string | undefined, file: string, line: number) {
    this.path = path
    this.file = file
    this.line = line
  }

  /** @throws UsageError with the file and the line */
  add(line: SettingLine): void {
    try {
      const setting = readLine(line)
      const { flag, option } = setting
      if (this.path !== undefined && option.scope === 'program') {
        throw new UsageError(
          `-${flag}: applies to the whole program and belongs before the first section`,
          flag,
          undefined,
        )
      }
      this.#settings.set(flag, withEarlier(setting, this.#settings.get(flag), this.#lines.get(flag)))
      if (!this.#lines.has(flag)) this.#lines.set(flag, line.number)
    } catch (error) {
      throw error instanceof UsageError ? placed(error, this.file, line.number) : error
    }
  }

  build(): Section {
    const { path, file, line } = this
    const values = new Map([...this.#settings].map(([flag, { texts }]) => [flag, texts]))
    return { path, file, line, lines: this.#lines, values, command: this.#settings.get('exec')?.command }
  }
}

/** A flag on two lines is a mistake, except where values add up. */
function withEarlier(setting: Setting, earlier: Setting | undefined, line: number | undefined): Setting {
  if (earlier === undefined) return setting
  const { flag, option, texts } = setting
  if (!option.several) throw new UsageError(`-${flag}: is already set in line ${line}`, flag, undefined)
  return { ...setting, texts: [...earlier.texts, ...texts] }
}
