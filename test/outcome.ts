/** What a run of tap came to, read from its TAP version 14. */

/** A check that failed, or a file that came to a bad end outside of its checks. */
interface Failure {
  /** The file, the tests within it, and the check: ‘a.test.js > a test > a check’. */
  name: string
  /** tap's diagnosis, as it stands; empty where it gives none. */
  why: string
}

export interface Outcome {
  passed: number
  failed: Failure[]
  /** Name and reason of each. */
  skipped: string[]
}

/** A test that has begun: its name, and how many failures there were by then. */
interface Begun {
  name: string
  failedBefore: number
}

/** Spaces by which TAP 14 indents a subtest. */
const INDENT = 4

/**
 * Counts checks. A subtest's closing line, which bears a time, only sums up those before it, and counts where it alone tells of
 * a failure: a file whose process was killed, or that ended with another code than 0.
 * @param tap what tap wrote
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
 * @param within the tests that it is part of.
 * @param failedBefore how many failures there were before the test that it closes, if it does.
 * @returns the failure that a diagnosis would belong to.
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
