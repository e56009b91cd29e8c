/** Outcome of a run of tap, parsed from its TAP version 14. */

/** A check that failed, or a file that failed outside of its checks. */
interface Failure {
  /** The file, the tests within it, and the check: ‘a.test.js > a test > a check’. */
  name: string
  /** tap's diagnosis, verbatim; empty where there is none. */
  why: string
}

export interface Outcome {
  passed: number
  failed: Failure[]
  /** Name and reason of each. */
  skipped: string[]
}

/** A test that has begun: its name, and the number of failures before it. */
interface Begun {
  name: string
  failedBefore: number
}

/** Spaces by which TAP 14 indents a subtest. */
const INDENT = 4

/**
 * Counts checks. A subtest's closing line, which has a time, only summarizes the checks before it; it is counted only where no
 * other line reports a failure: a file whose process was killed, or that exited with a code other than 0.
 * @param tap output of tap
 */
export function outcomeOf(tap: string): Outcome {
  const outcome: Outcome = { passed: 0, failed: [], skipped: [] }
  const begun: Begun[] = []
  let diagnosed: Failure | undefined
  let isDiagnosis = false
  for (const line of tap.split('\n')) {
    if (isDiagnosis) {
      isDiagnosis = !/^\s+\.\.\.$/.test(line)
      if (isDiagnosis && diagnosed !== undefined) diagnosed.why += `${line}\n`
      continue
    }
    isDiagnosis = /^\s+---$/.test(line)
    if (isDiagnosis) continue
    const depth = (line.length - line.trimStart().length) / INDENT
    const [, subtest] = /^\s*# Subtest: (.*)$/.exec(line) ?? []
    if (subtest !== undefined) begun[depth] = { name: subtest, failedBefore: outcome.failed.length }
    const result = /^\s*(?<not>not )?ok \d+(?: - (?<name>.*?))?(?<time> # time=\S+)?$/.exec(line)?.groups
    if (result === undefined) continue
    diagnosed = record(outcome, result, begun.slice(0, depth), begun[depth]?.failedBefore ?? 0)
  }
  return outcome
}

/**
 * Counts one line of results.
 * @param within the tests that contain it.
 * @param failedBefore number of failures before the test that this line closes, if it closes one.
 * @returns the failure to which a diagnosis would belong.
 */
function record(
  outcome: Outcome,
  { not, name = '', time }: Record<string, string | undefined>,
  within: readonly Begun[],
  failedBefore: number,
): Failure | undefined {
  if (not === undefined) {
    if (/# SKIP/i.test(name)) outcome.skipped.push(name)
    else if (time === undefined) outcome.passed++
    return undefined
  }
  const isTold = time !== undefined && outcome.failed.length > failedBefore
  if (isTold) return undefined
  const failure = { name: [...within.map((test) => test.name), name].join(' > '), why: '' }
  outcome.failed.push(failure)
  return failure
}
