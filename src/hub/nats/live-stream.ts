import type { JetStreamManager, StreamInfo } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { printable } from '../../text/printable.ts'

/** JetStream stream that keeps the frames of the last seconds. */
export const LIVE_STREAM = 'SS_LIVE'
/** Subjects that it keeps. */
const FRAMES = 'ss.a.>'
/** Age up to which frames are kept, in milliseconds. */
const MAX_AGE_MS = 30_000
/** Memory that is reserved for it on each server, in bytes: the first that the hub grants. At 128 kbit/s, 256 MiB is 500 streams. */
const SIZES = [256 * 2 ** 20, 32 * 2 ** 20] as const
/** Copies in a cluster of three servers or more. */
const REPLICAS = 3

/** Codes of JetStream; see `nats errors list`. */
const NOT_FOUND = 10059
const NAME_IN_USE = 10058
const NOT_ENABLED: ReadonlySet<number> = new Set([10039, 10076])
/** No leader, no peers, or a server that is just starting: it is tried again. */
const NOT_YET: ReadonlySet<number> = new Set([10004, 10008, 10009])
const NO_PEERS: ReadonlySet<number> = new Set([10005, 10074])
const TOO_LARGE: ReadonlySet<number> = new Set([10002, 10023, 10028, 10047, 10052])

/** @returns undefined: there is no such stream @throws the error of the client; see `historyProblem` */
export async function liveStream(manager: JetStreamManager): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(LIVE_STREAM)
  } catch (error) {
    if (codeOf(error) === NOT_FOUND) return undefined
    throw error
  }
}

/** Creates the stream. @param servers number of servers of the cluster, as far as it is known @throws the error of the client */
export async function createLiveStream(manager: JetStreamManager, servers: number): Promise<StreamInfo | undefined> {
  let failure: unknown
  for (const replicas of servers >= REPLICAS ? [REPLICAS] : [REPLICAS, 1]) {
    for (const maxBytes of SIZES) {
      try {
        return await addStream(manager, replicas, maxBytes)
      } catch (error) {
        failure = error
        const code = codeOf(error) ?? 0
        // Another origin has created it at the same time.
        if (code === NAME_IN_USE) return liveStream(manager)
        if (NO_PEERS.has(code)) break
        if (!TOO_LARGE.has(code)) throw error
      }
    }
  }
  throw failure
}

function addStream(manager: JetStreamManager, replicas: number, maxBytes: number): Promise<StreamInfo> {
  return manager.streams.add({
    name: LIVE_STREAM,
    subjects: [FRAMES],
    storage: 'memory',
    retention: 'limits',
    discard: 'old',
    max_age: nanos(MAX_AGE_MS),
    max_bytes: maxBytes,
    num_replicas: replicas,
    allow_direct: true,
  })
}

/** Whether a stream of this name keeps frames: its owner may have created it for something else. */
export function keepsFrames({ config }: StreamInfo): boolean {
  return config.subjects?.some((subject) => subject === FRAMES || subject === 'ss.>' || subject === '>') ?? false
}

/** Returns why JetStream does not keep frames, in one line; undefined: it may do so in a moment, or the reason is reported elsewhere. */
export function historyProblem(error: unknown): string | undefined {
  const code = codeOf(error)
  const { message, name } = error as Error
  if (name === 'JetStreamNotEnabled' || (code !== undefined && NOT_ENABLED.has(code)))
    return noHistory('JetStream is not enabled there (jetstream, for the server and for the account)')
  // Without an answer of JetStream there was none in time, or it was denied, of which the connection reports.
  if (code === undefined || NOT_YET.has(code) || NO_PEERS.has(code)) return undefined
  if (!TOO_LARGE.has(code)) return noHistory(`JetStream: ${message}`)
  return noHistory(`JetStream has too little memory: ${message} (max_mem; each copy needs ${SIZES[1] / 2 ** 20} MiB)`)
}

export function noHistory(reason: string): string {
  return printable(`the hub keeps no frames for edges that start: ${reason}`)
}

/** Code of an error of JetStream; undefined: it is another error. */
function codeOf(error: unknown): number | undefined {
  const { code } = error as { code?: unknown }
  return typeof code === 'number' ? code : undefined
}
