import type { StderrLine } from '../source/exec/last-lines.ts'
import type { SourceState } from '../source/supervise/source-state.ts'
import type { Stream } from '../stream/stream.ts'
import { maskSecrets } from '../text/mask-secrets.ts'
import type { SourceStatus, StderrText } from './report.ts'
import { toldText } from './safe-text.ts'
import type { Moments } from './timestamps.ts'

/** Time without bytes after which a source is reported as quiet, in milliseconds. */
const QUIET_AFTER_MS = 5_000

/** Converts the lines that a source has written. The same input array gives the same result, with the times computed first. */
type Said = (lines: readonly StderrLine[] | undefined, moment: Moments) => readonly StderrText[]

/** Returns the status of a stream's source. @param showsCommands false: omits text that may contain a password, and addresses. */
export function sourceStatus(
  { source, sourceState, plan }: Pick<Stream, 'source' | 'sourceState' | 'plan'>,
  now: number,
  moment: Moments,
  said: Said,
  showsCommands: boolean,
): SourceStatus {
  const { kind, since, quietMs, retryAt, openings, lastEnd } = sourceState
  const isQuiet = quietMs >= QUIET_AFTER_MS
  const [planned] = plan.sources
  const shown = (why: string) => (showsCommands ? why : withoutUrls(why))
  return {
    kind: planned?.kind ?? 'publish',
    state: isQuiet ? 'quiet' : kind,
    since: moment(isQuiet ? now - quietMs : since),
    retryAt: retryAt === undefined ? null : moment(retryAt),
    label: showsCommands ? toldText(maskSecrets(source.label)) : null,
    leftOut: source.leftOut === undefined ? null : toldText(source.leftOut),
    openings,
    lastEnd:
      lastEnd === undefined
        ? null
        : { ...lastEnd, at: moment(lastEnd.at), why: toldText(maskSecrets(shown(lastEnd.why))) },
    said: showsCommands ? said(source.stderrTail, moment) : [],
  }
}

/** Replaces URLs, which the reasons of a relay begin with: `http://radio.example/: 404 Not Found`. */
function withoutUrls(text: string): string {
  return text.replaceAll(/\bhttps?:\/\/\S*[^\s:;,]/gi, '***')
}

export function createSaid(): Said {
  const told = new WeakMap<readonly StderrLine[], readonly StderrText[]>()
  return (lines = NOTHING, moment) => {
    const known = told.get(lines)
    if (known !== undefined) return known
    const texts = lines.map(({ at, text }) => ({ at: moment(at), text: toldText(maskSecrets(text)) }))
    told.set(lines, texts)
    return texts
  }
}

const NOTHING: readonly StderrLine[] = []

/** Returns a text that changes whenever a change of the source's state is to be reported at once. */
export function changeToken({ kind, openings }: SourceState): string {
  return `${kind}${openings}`
}
