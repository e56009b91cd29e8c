import type { RelayPlan } from '../../plan/stream-plan.ts'
import type { Clock } from '../../system/clock.ts'
import type { SourceConnection } from '../source.ts'
import { Search, type Upstream } from './find-upstream.ts'
import { IcySplitter } from './icy-splitter.ts'
import { relayPeer } from './relay-peer.ts'
import { shownUrl } from './shown-url.ts'

/** Connects to the first address that answers with sound. @throws SourceError with the reason of each address, or at an abort */
export async function openRelay(plan: RelayPlan, clock: Clock, signal: AbortSignal): Promise<SourceConnection> {
  const search = new Search({ ...plan, clock, signal })
  return connectionTo(await search.firstOf(plan.urls.map((url) => new URL(url))), plan.charset)
}

/** Makes a connection of an answer with sound. @param charset of titles and fields that are not UTF-8 */
export function connectionTo({ url, answer, chunks }: Upstream, charset: string): SourceConnection {
  const peer = relayPeer(url, answer, charset)
  const about = { url: shownUrl(url) }
  const interval = blockInterval(answer.headers['icy-metaint'])
  // Without titles between the bytes, that of an earlier opening does not go on.
  if (interval === undefined) return { chunks, about, peer, title: '' }
  const splitter = new IcySplitter(interval, charset)
  return { chunks: split(chunks, splitter), about, peer, takeTitle: () => splitter.takeTitle() }
}

/** Returns the number of bytes between two titles; undefined: it sends none. */
function blockInterval(value: string | string[] | undefined): number | undefined {
  const bytes = /^\s*(\d{1,9})\b/.exec(String(value))?.[1]
  return bytes === undefined || Number(bytes) === 0 ? undefined : Number(bytes)
}

async function* split(chunks: AsyncIterable<Buffer>, splitter: IcySplitter): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield* splitter.split(chunk)
}
