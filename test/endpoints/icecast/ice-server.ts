import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { type IceSource, IceSources, type ShownStream } from '../../../src/endpoints/icecast/ice-source.ts'
import { createIcecastStatus } from '../../../src/endpoints/icecast/icecast-status.ts'
import type { IceStats } from '../../../src/endpoints/icecast/icestats.ts'
import type { PageRequest } from '../../../src/endpoints/page-request.ts'
import { Ring } from '../../../src/ring/ring.ts'
import type { SourceState } from '../../../src/source/supervise/source-state.ts'
import { StreamCounters } from '../../../src/stream/counters.ts'
import { Titles } from '../../../src/stream/titles.ts'
import { createManualClock } from '../../manual-clock.ts'
import { streamPlan } from '../../plans.ts'
import { pageRequest } from '../page-request.ts'

const OPEN: SourceState = {
  kind: 'open',
  since: 1_000,
  retryAt: undefined,
  quietMs: 0,
  openings: 1,
  peer: undefined,
  lastEnd: undefined,
}

/** Properties of an open stream that a test can change at any time. */
export type TestStream = { -readonly [Key in keyof ShownStream]: ShownStream[Key] }

/** An open stream of MP3 frames at 128 kbit/s, with changes by the test. @param flags of its description */
export function iceStream(path: string, changes: Partial<TestStream> = {}, flags: readonly string[] = []): TestStream {
  const ring = new Ring({ frames: 8 })
  ring.push({ bytes: Buffer.alloc(418), durationUs: 26_122.4 })
  return {
    path,
    plan: { ...streamPlan('-demo', ...flags), path },
    titles: new Titles(),
    ring,
    format: 'MPEG-1 Layer III, 44100 Hz, joint stereo, 128 kbit/s',
    contentType: 'audio/mpeg',
    isRaw: false,
    sourceState: OPEN,
    listeners: 0,
    counters: new StreamCounters(),
    ...changes,
  }
}

/** State of a source, with changes by the test. */
export function stateOf(changes: Partial<SourceState>): SourceState {
  return { ...OPEN, ...changes }
}

/** Serves the status of streams, which the test may change. @returns its URL */
export async function serveIcecast(
  t: Test,
  streams: readonly ShownStream[],
  request: Partial<PageRequest> = {},
): Promise<string> {
  const clock = createManualClock(2_000)
  const page = createIcecastStatus({ streams: () => streams, sources: new IceSources(clock), startedAt: 0 }, clock)
  const server = createServer((message, response) => {
    const { pathname, searchParams: query } = new URL(message.url ?? '', 'http://localhost')
    void page.answer({ ...pageRequest(message, pathname), query, ...request }, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Requests the status of a server. */
export async function iceStatsAt(url: string, query = ''): Promise<IceStats> {
  const response = await fetch(`${url}/status-json.xsl${query}`)
  return ((await response.json()) as { icestats: IceStats }).icestats
}

/** Returns the sources of a status in the way of readers that accept both forms. */
export function sourcesIn({ source }: IceStats): readonly IceSource[] {
  if (source === undefined) return []
  return Array.isArray(source) ? source : [source as IceSource]
}
