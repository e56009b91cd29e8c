/** The file of `-config`: one flag a line. */
import type { Given } from '../given.ts'
import { placed, UsageError } from '../usage-error.ts'
import { readConfigText } from './config-text.ts'
import { linesOf } from './lines.ts'
import { readLine, type Setting } from './read-line.ts'

/** What a file says; every value in it can be parsed. */
export interface FileFlags extends Given {
  readonly path: string
  /** Line on which each flag, by its full name, first appears; counted from 1. */
  readonly lines: ReadonlyMap<string, number>
}

/** Maximum number of reported errors, so that a wrong kind of file is not reported line by line. */
const mostErrors = 20

/** @throws UsageError about the first wrong line, with those after it, or because the file cannot be read. */
export function readConfigFile(path: string): FileFlags {
  const settings = new Map<string, Setting>()
  const lines = new Map<string, number>()
  const errors: UsageError[] = []
  for (const line of linesOf(readConfigText(path))) {
    try {
      const setting = readLine(line)
      settings.set(setting.flag, withEarlier(setting, settings.get(setting.flag), lines.get(setting.flag)))
      if (!lines.has(setting.flag)) lines.set(setting.flag, line.number)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      errors.push(placed(error, path, line.number))
    }
    if (errors.length === mostErrors) break
  }
  const [first, ...further] = errors
  if (first !== undefined) throw new UsageError(first.message, first.flag, first.value, further)
  const values = new Map([...settings].map(([flag, { texts }]) => [flag, texts]))
  return { path, lines, values, command: settings.get('exec')?.command }
}

/** Two lines about one thing are an oversight, except where values add up. */
function withEarlier(setting: Setting, earlier: Setting | undefined, line: number | undefined): Setting {
  if (earlier === undefined) return setting
  const { flag, option, texts } = setting
  if (!option.several) throw new UsageError(`-${flag}: is already set in line ${line}`, flag, undefined)
  return { ...setting, texts: [...earlier.texts, ...texts] }
}
