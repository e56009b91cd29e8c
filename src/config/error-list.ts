import { UsageError } from './usage-error.ts'

/** Maximum number of reported errors, so that a wrong kind of file is not reported line by line. */
const MAX_ERRORS = 20

/** Errors that are reported together. */
export interface ErrorList {
  add(error: UsageError): void
  /** Runs a step and adds its UsageError. @returns undefined after an error */
  try<T>(step: () => T): T | undefined
}

/**
 * Runs steps that add errors to a list, up to a maximum.
 * @throws the first UsageError, with the further ones, when there is any
 */
export function collectErrors<T>(steps: (errors: ErrorList) => T): T {
  const all: UsageError[] = []
  const throwAll = () => {
    const [first, ...further] = all
    if (first !== undefined) throw new UsageError(first.message, first.flag, first.value, further)
  }
  const add = (error: UsageError) => {
    all.push(error)
    if (all.length === MAX_ERRORS) throwAll()
  }
  const attempt = <R>(step: () => R): R | undefined => {
    try {
      return step()
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      add(error)
      return undefined
    }
  }
  const result = steps({ add, try: attempt })
  throwAll()
  return result
}
