/** Outcome of a run of tap. */
import { Parser, type Result } from 'tap-parser'
import { stringify } from 'tap-yaml'

/** A check that failed, or a file that failed outside of its checks. */
interface Failure {
  /** The file, the tests within it, and the check: ‘a.test.js > a test > a check’. */
  readonly name: string
  /** tap's diagnosis as YAML; empty where there is none. */
  readonly why: string
}

export interface Outcome {
  passed: number
  readonly failed: Failure[]
  /** Name and reason of each. */
  readonly skipped: string[]
}

/** Counts the checks in the output of tap. */
export function outcomeOf(tap: string): Outcome {
  const outcome: Outcome = { passed: 0, failed: [], skipped: [] }
  const parser = new Parser()
  count(parser, outcome)
  parser.end(tap)
  return outcome
}

/** Counts the checks of one level of subtests and those below it. */
function count(parser: Parser, outcome: Outcome): void {
  let failedBefore = 0
  parser.on('child', (subtest: Parser) => {
    failedBefore = outcome.failed.length
    count(subtest, outcome)
  })
  parser.on('assert', (result: Result) => record(outcome, result, failedBefore))
}

/**
 * Counts one line of results. A subtest's closing line only summarizes its checks; it is counted only when it reports a failure
 * that no check has: a file whose process was killed, or that exited with a code other than 0.
 * @param failedBefore number of failures before the latest subtest
 */
function record(outcome: Outcome, result: Result, failedBefore: number): void {
  const { ok, skip, closingTestPoint, fullname, diag } = result
  if (skip !== false) outcome.skipped.push(`${fullname} # SKIP ${skip}`)
  else if (ok) outcome.passed += closingTestPoint ? 0 : 1
  else if (!closingTestPoint || outcome.failed.length === failedBefore) {
    outcome.failed.push({ name: fullname, why: diag === null ? '' : stringify(diag) })
  }
}
