import type { PublisherStatus, StreamStatus } from '../../status/report.ts'
import { momentWords } from './words.ts'

/** Origin of what is heard, in words. @param now the time of the report @returns empty: none is known */
export function originWords({ publisher, relay, from, fallback, hub }: StreamStatus, now: number): string {
  if (fallback !== null) return `Away: playing ${fallback.playing ?? 'files'} since ${momentWords(fallback.since, now)}`
  if (publisher !== null) return `${publisherWords(publisher)} since ${momentWords(publisher.since, now)}`
  if (relay !== null) return `Relayed from ${relay.url ?? 'another server'} since ${momentWords(relay.since, now)}`
  const heard = hub?.read?.heard ?? null
  if (heard !== null) return `From the origin ${heard} of the hub`
  return from === null ? '' : `From the stream ${from.path} since ${momentWords(from.since, now)}`
}

/** `Published by source from 192.0.2.7 (BUTT 0.1.37)`: the port does not matter to people. */
function publisherWords({ address, user, agent }: PublisherStatus): string {
  return [
    'Published',
    ...(user === null ? [] : [`by ${user}`]),
    ...(address === null ? [] : [`from ${address.replace(/:\d+$/, '')}`]),
    ...(agent === null ? [] : [`(${agent})`]),
  ].join(' ')
}
