import type { StreamStatus, Trouble } from './report.ts'

/** A trouble, before it is known when it began. */
export type FoundTrouble = Omit<Trouble, 'since'> & { readonly since?: string | undefined }

type TroubleOfStream = Pick<FoundTrouble, 'kind' | 'severity' | 'text' | 'since'>

/** Time for which a failure counts after the source was opened again, in milliseconds. */
const WATCHED_MS = 60_000
/** Time for which listeners may wait for a source, such as one that is being opened, in milliseconds. */
const WAITING_MS = 5_000

/** Returns what is wrong with a stream, by its status. @param now the time of the report */
export function streamTroubles(stream: StreamStatus, now: number): FoundTrouble[] {
  const found = [
    sourceTrouble(stream, now),
    origin(stream, now),
    silence(stream),
    fallback(stream),
    recording(stream),
    fullness(stream),
  ]
  return found.flatMap((trouble) => (trouble === undefined ? [] : [{ stream: stream.path, ...trouble }]))
}

function sourceTrouble(stream: StreamStatus, now: number): TroubleOfStream | undefined {
  const { state, since } = stream.source
  const failure = failureText(stream, now)
  if (failure !== undefined) return { kind: 'source', severity: 'error', text: failure }
  if (state === 'quiet')
    return { kind: 'quiet', severity: 'error', text: 'The source is open, but sends nothing.', since }
  const isAwaited = state === 'waiting' || state === 'opening' || state === 'retrying'
  const hasWaited = now - Date.parse(since) >= WAITING_MS
  if (!isAwaited || !hasWaited || stream.listeners === 0 || stream.fallback !== null) return undefined
  const awaited = state === 'waiting' && stream.source.kind === 'publish' ? 'publisher' : 'source'
  return { kind: 'off air', severity: 'error', text: `Listeners wait for the ${awaited}.` }
}

/** The same text while a source fails again and again, because a text that changes is read aloud. */
function failureText({ source: { state, lastEnd } }: StreamStatus, now: number): string | undefined {
  if (lastEnd?.failed !== true || state === 'closed') return undefined
  if (state === 'ended') return `The source has failed, and is not opened again: ${lastEnd.why}.`
  const isOver = state !== 'retrying' && now - Date.parse(lastEnd.at) >= WATCHED_MS
  return isOver ? undefined : `The source fails: ${lastEnd.why}.`
}

function origin({ hub, source, relay }: StreamStatus, now: number): TroubleOfStream | undefined {
  const read = hub?.read
  if (!read || read.heard !== null || source.state === 'closed') return undefined
  if (relay !== null) {
    const text = `No origin of ${read.name} is heard on the hub, and listeners hear a relay.`
    return { kind: 'origin', severity: 'warning', text }
  }
  if (now - Date.parse(source.since) < WAITING_MS) return undefined
  return { kind: 'origin', severity: 'error', text: `No origin of ${read.name} is heard on the hub.` }
}

function silence({ silentSince }: StreamStatus): TroubleOfStream | undefined {
  if (silentSince === null) return undefined
  return { kind: 'silence', severity: 'error', text: 'The sound is silent.', since: silentSince }
}

function fallback({ fallback: heard }: StreamStatus): TroubleOfStream | undefined {
  if (heard === null) return undefined
  const { playing, since } = heard
  const text = `The source is away, and listeners hear ${playing ?? 'files'}.`
  return { kind: 'fallback', severity: 'warning', text, since }
}

function recording({ recording: state }: StreamStatus): TroubleOfStream | undefined {
  if (state?.state === 'failing')
    return { kind: 'recording', severity: 'error', text: `The recording cannot be written: ${state.why}.` }
  if (state?.state !== 'losing') return undefined
  const text = 'The recording has gaps, because the disk is too slow.'
  return { kind: 'recording', severity: 'error', text }
}

function fullness({ listeners, maxListeners }: StreamStatus): TroubleOfStream | undefined {
  if (maxListeners === null || listeners < maxListeners) return undefined
  return {
    kind: 'listeners',
    severity: 'warning',
    text: `The limit of ${maxListeners} listener${maxListeners === 1 ? '' : 's'} is reached.`,
  }
}
