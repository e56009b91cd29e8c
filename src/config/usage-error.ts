import { printable } from '../text/printable.ts'

/** An error in the command line or the file. The message is one line: the flag, the wrong value, and the correct form. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  /** The flag by its full name, without a dash; undefined if the error is about a word that is not a flag. */
  readonly flag: string | undefined
  /** The value or word as typed; undefined if there is none. */
  readonly value: string | undefined
  /** Further errors: a file is read to its end. */
  readonly further: readonly UsageError[]

  constructor(
    message: string,
    flag: string | undefined,
    value: string | undefined,
    further: UsageError[] = [],
    cause?: UsageError,
  ) {
    super(printable(message), { cause })
    this.flag = flag
    this.value = value
    this.further = further
  }
}

/** Returns the error about a value that the flag does not accept. @param reason describes the correct form */
export function wrongValue(flag: string, value: string, reason: string): UsageError {
  return new UsageError(`-${flag} ${quoted(value)}: ${reason}`, flag, value)
}

/** Returns the same error without the value, for a secret. */
export function wrongSecret(flag: string, reason: string): UsageError {
  return new UsageError(`-${flag}: ${reason}`, flag, undefined)
}

const longestShown = 60

/** Returns the text in double quotes, in one line of limited length, without control characters. */
export function quoted(text: string): string {
  return printable(JSON.stringify(text.length > longestShown ? `${text.slice(0, longestShown)}...` : text))
}

/** Returns the same error with its file and line, counted from 1. The original error is the cause. */
export function placed(error: UsageError, path: string, line: number): UsageError {
  const { message, flag, value } = error
  return new UsageError(`${path}:${line}: ${message}`, flag, value, [], error)
}
