import type { HubLinkState } from '../hub/hub-link.ts'
import type { DescriptorUse } from '../transport/descriptors.ts'
import type { FoundTrouble } from './stream-troubles.ts'
import type { ClockJump } from './wall-clock.ts'

/** Facts about the program that its troubles follow from. */
export interface ProgramFacts {
  readonly descriptors: DescriptorUse
  /** Open connections, and their maximum; 0: unlimited. */
  readonly connections: { readonly open: number; readonly max: number }
  /** When the certificate ends, in milliseconds since 1970; undefined: HTTP only. */
  readonly certificateEndsAt: number | undefined
  /** When a delivery thread has crashed, in milliseconds of the clock; undefined: none has. */
  readonly threadCrashedAt: number | undefined
  /** The last jump of the system clock; undefined: there was none. */
  readonly clockJump: ClockJump | undefined
  /** Reasons why files cannot be used, each one sentence. */
  readonly files: readonly string[]
  /** Undefined: none is configured. An empty problem is not shown. */
  readonly hub: Pick<HubLinkState, 'isConnected' | 'since' | 'problem'> | undefined
}

/** Present times: of the clock, and since 1970; in milliseconds. */
export interface PresentTime {
  readonly clock: number
  readonly wall: number
}

type TroubleOfProgram = Omit<FoundTrouble, 'stream'>

const DAY_MS = 86_400_000
/** Days before its end at which a certificate should have been renewed, and at which that becomes urgent. */
const LATE_DAYS = 14
const URGENT_DAYS = 3
/** Time for which an event is worth knowing, in milliseconds. */
const RECENT_MS = 3_600_000
/** Time for which the hub may be away, in milliseconds: clients change to another server faster. */
const AWAY_MS = 3_000
/** A time before this program was written, which clocks without a battery begin with. */
const EARLIEST = Date.UTC(2026, 0)

/** Returns what is wrong with the program. */
export function programTroubles(facts: ProgramFacts, now: PresentTime): FoundTrouble[] {
  const found = [
    unusableFiles(facts.files),
    descriptors(facts.descriptors),
    connections(facts.connections),
    certificate(facts.certificateEndsAt, now.wall),
    systemTime(facts.clockJump, now),
    crash(facts.threadCrashedAt, now.clock),
    hub(facts.hub, now.clock),
  ]
  return found.flatMap((trouble) => (trouble === undefined ? [] : [{ stream: null, ...trouble }]))
}

function unusableFiles(sentences: readonly string[]): TroubleOfProgram | undefined {
  return sentences.length === 0 ? undefined : { kind: 'file', severity: 'error', text: sentences.join(' ') }
}

function descriptors({ limit, areNearlyAll }: DescriptorUse): TroubleOfProgram | undefined {
  if (!areNearlyAll) return undefined
  const text = `Nearly all of the ${limit} file descriptors are in use: raise the limit (ulimit -n, LimitNOFILE).`
  return { kind: 'descriptors', severity: 'error', text }
}

function connections({ open, max }: ProgramFacts['connections']): TroubleOfProgram | undefined {
  if (max === 0 || open < max) return undefined
  return {
    kind: 'connections',
    severity: 'warning',
    text: `The limit of ${max} connection${max === 1 ? '' : 's'} is reached.`,
  }
}

function certificate(endsAt: number | undefined, wall: number): TroubleOfProgram | undefined {
  const left = (endsAt ?? Number.POSITIVE_INFINITY) - wall
  if (endsAt === undefined || left > LATE_DAYS * DAY_MS) return undefined
  const severity = left > URGENT_DAYS * DAY_MS ? 'warning' : 'error'
  return { kind: 'certificate', severity, text: certificateText(endsAt, left) }
}

function certificateText(endsAt: number, left: number): string {
  const date = new Date(endsAt).toISOString().slice(0, 10)
  if (left <= 0) return `The certificate has ended on ${date}, and browsers refuse it.`
  const days = Math.floor(left / DAY_MS)
  const when = days === 0 ? 'within a day' : `in ${days} ${days === 1 ? 'day' : 'days'}`
  return `The certificate ends ${when}, on ${date}, and has not been renewed.`
}

function systemTime(jump: ClockJump | undefined, { clock, wall }: PresentTime): TroubleOfProgram | undefined {
  if (wall < EARLIEST) {
    const date = new Date(wall).toISOString().slice(0, 10)
    return { kind: 'clock', severity: 'error', text: `The system clock is wrong: it shows ${date}.` }
  }
  if (jump === undefined || clock - jump.at > RECENT_MS) return undefined
  return { kind: 'clock', severity: 'warning', text: jump.text }
}

function crash(crashedAt: number | undefined, now: number): TroubleOfProgram | undefined {
  if (crashedAt === undefined || now - crashedAt > RECENT_MS) return undefined
  return {
    kind: 'thread',
    severity: 'warning',
    text: 'A delivery thread has crashed; its listeners were disconnected.',
  }
}

function hub(link: ProgramFacts['hub'], now: number): TroubleOfProgram | undefined {
  if (link === undefined || (!link.isConnected && now - link.since < AWAY_MS)) return undefined
  const { isConnected, problem } = link
  if (isConnected && problem === undefined) return undefined
  const why = problem === undefined || problem === '' ? '.' : `: ${problem}.`
  return { kind: 'hub', severity: 'error', text: (isConnected ? 'The hub has a problem' : 'The hub is away') + why }
}
