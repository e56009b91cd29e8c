import { parseCommandLine } from '../src/config/command-line.ts'
import type { ProgramPlan } from '../src/plan/program-plan.ts'
import type { PublishPlan, StreamPlan } from '../src/plan/stream-plan.ts'

/** Returns the plan of a command line. */
export function programPlan(...flags: readonly string[]): ProgramPlan {
  const line = parseCommandLine(flags)
  if (line.kind !== 'run') throw new Error(`${flags.join(' ')} does not start the program`)
  return line.plan
}

/** Returns the plan of the one stream of a command line. */
export function streamPlan(...flags: readonly string[]): StreamPlan {
  const [plan] = programPlan(...flags).streams
  if (plan === undefined) throw new Error(`${flags.join(' ')} has no stream`)
  return plan
}

/** Rules of a point at which `source` may publish with `hackme`. */
export const PUBLISH_RULES: PublishPlan = {
  user: 'source',
  password: 'hackme',
  usersFile: undefined,
  url: undefined,
  anybody: false,
  timeoutMs: 10_000,
  lingerMs: 600_000,
}
