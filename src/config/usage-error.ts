import { printable } from '../text/printable.ts'

/** The command line cannot be followed. The message is one line: the flag, the wrong value, and what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  /** The flag by its full name, without a dash; undefined when the trouble is a word that belongs to no flag. */
  readonly flag: string | undefined
  /** The value or word as it was typed; undefined when there was none. */
  readonly value: string | undefined
  /** What else is wrong, where that is known: a file is read to its end. */
  readonly further: readonly UsageError[]

  constructor(message: string, flag: string | undefined, value: string | undefined, further: UsageError[] = []) {
    super(printable(message))
    this.flag = flag
    this.value = value
    this.further = further
  }
}

/** @returns the error about a value that `-flag` cannot take; `reason` says what would be right. */
export function wrongValue(flag: string, value: string, reason: string): UsageError {
  return new UsageError(`-${flag} ${quoted(value)}: ${reason}`, flag, value)
}

/** @returns the same error about a value that is a secret, which it does not show. */
export function wrongSecret(flag: string, reason: string): UsageError {
  return new UsageError(`-${flag}: ${reason}`, flag, undefined)
}

const longestShown = 60

/** @returns the text in double quotes, on one line and of bearable length, with nothing a terminal would obey. */
export function quoted(text: string): string {
  return printable(JSON.stringify(text.length > longestShown ? `${text.slice(0, longestShown)}...` : text))
}

/** @returns the same error with the file and the line, counted from 1, where the trouble is. */
export function placed({ message, flag, value }: UsageError, path: string, line: number): UsageError {
  return new UsageError(`${path}:${line}: ${message}`, flag, value)
}
