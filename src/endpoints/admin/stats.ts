import { isForMembers } from '../../access/listen-gate.ts'
import type { ListedListener } from '../../status/listener-list.ts'
import { toldText } from '../../status/safe-text.ts'
import type { Stream } from '../../stream/stream.ts'
import type { PlayedTitle } from '../../stream/title-history.ts'
import { element, type XmlElement } from '../../text/xml.ts'
import { type IceSources, shownType } from '../icecast/ice-source.ts'
import { iceStats, type ShownServer } from '../icecast/icestats.ts'

/** Names of the elements that all clients may see, as of Icecast 2.5. */
const PUBLIC_OF_SERVER = new Set(['admin', 'location', 'host', 'server_id', 'server_start_iso8601'])
const PUBLIC_OF_SOURCE = new Set([
  'listeners',
  'server_name',
  'server_description',
  'stream_start_iso8601',
  'listenurl',
  'genre',
  'display-title',
])

/** Whether Icecast would show a stream: it is on the air, or it has listeners who wait for it. */
export function isShown({ sourceState, fallback, listeners }: Stream): boolean {
  return sourceState.kind === 'open' || fallback !== undefined || listeners > 0
}

/** Makes the documents about streams that administrators read. */
export class AdminStats {
  readonly #sources: IceSources

  constructor(sources: IceSources) {
    this.#sources = sources
  }

  /** `stats`: the server, and streams. @param all streams of the server @param shown those in the document */
  stats(all: readonly Stream[], shown: readonly Stream[], server: ShownServer): XmlElement {
    const { dummy: _, source: __, ...about } = iceStats([], server)
    const fields = { ...about, ...totalsOf(all) }
    const sources = shown.map((stream) => sourceElement(stream, sorted(this.#fieldsOf(stream, server))))
    return element('icestats', [...sorted(fields), ...sources])
  }

  /** `publicstats`: what all clients may know, with the last titles, oldest first. */
  publicStats(shown: readonly Stream[], server: ShownServer): XmlElement {
    const { dummy: _, source: __, ...about } = iceStats([], server)
    const sources = shown.map((stream) => {
      // What is played is for those who may listen.
      const hasTitles = !isForMembers(stream.plan.access)
      const title = hasTitles ? currentTitle(stream) : ''
      const fields = this.#fieldsOf(stream, server)
      return sourceElement(stream, [
        ...sorted({ ...fields, 'display-title': title }).filter(({ name }) => PUBLIC_OF_SOURCE.has(name)),
        playlistOf(hasTitles ? stream.titleHistory.all : []),
        element('metadata', [element('title', title)]),
        element('content-type', shownType(stream)),
      ])
    })
    return element('icestats', [...sorted(about).filter(({ name }) => PUBLIC_OF_SERVER.has(name)), ...sources])
  }

  #fieldsOf(stream: Stream, { address }: ShownServer): Fields {
    const { dummy: _, ...fields } = this.#sources.of(stream, stream.sourceState)
    const { peer } = stream.sourceState
    const { bytesIn, bytesOut, laps } = stream.totals()
    const { maxListeners } = stream.plan.access
    return {
      ...fields,
      listenurl: address + fields.listenurl,
      max_listeners: maxListeners === 0 ? 'unlimited' : maxListeners,
      public: 0,
      slow_listeners: laps,
      ...(peer?.kind === 'publisher' ? { source_ip: withoutPort(peer.name) } : {}),
      total_bytes_read: bytesIn,
      total_bytes_sent: bytesOut,
      ...(peer?.agent === undefined ? {} : { user_agent: toldText(peer.agent) }),
    }
  }
}

/** `listmounts`, and the streams to which listeners may be moved. @param current the stream that they are moved from */
export function mountList(streams: readonly Stream[], now: number, current?: string): XmlElement {
  const sources = streams.map((stream) =>
    sourceElement(stream, [
      element('fallback', stream.plan.fallback.paths[0] ?? ''),
      element('listeners', stream.listeners),
      element('Connected', secondsSince(stream.sourceState.since, now)),
      element('content-type', shownType(stream)),
    ]),
  )
  return element('icestats', [...(current === undefined ? [] : [element('current_source', current)]), ...sources])
}

/** `listclients`: the listeners of a stream. Tools read their number under either name. */
export function clientList(stream: Stream, listeners: readonly ListedListener[], now: number): XmlElement {
  const all = listeners.map(({ id, address, agent, user, since }) =>
    element('listener', [
      element('IP', address),
      element('UserAgent', toldText(agent ?? '')),
      element('Connected', secondsSince(since, now)),
      element('ID', id),
      ...(user === undefined ? [] : [element('username', toldText(user))]),
    ]),
  )
  const counts = [element('Listeners', listeners.length), element('listeners', listeners.length)]
  return element('icestats', [sourceElement(stream, [...counts, ...all])])
}

/** `admin.cgi?mode=viewxml` of SHOUTcast. */
export function shoutcastStats(stream: Stream): XmlElement {
  const { listeners, counters, plan, sourceState, titles } = stream
  const { about, access } = plan
  return element('SHOUTCASTSERVER', [
    element('CURRENTLISTENERS', listeners),
    element('PEAKLISTENERS', counters.listenerPeak),
    element('MAXLISTENERS', access.maxListeners),
    element('SERVERGENRE', toldText(about.genre ?? '')),
    element('SERVERURL', toldText(about.url ?? '')),
    element('SERVERTITLE', toldText(about.name ?? plan.path)),
    element('SONGTITLE', toldText(titles.newest?.text ?? '')),
    element('STREAMSTATUS', sourceState.kind === 'open' ? 1 : 0),
    element('CONTENT', shownType(stream)),
  ])
}

type Fields = Readonly<Record<string, string | number>>

/**
 * Totals of the present streams. Publishers, and connections to sources, are counted as Icecast counts its source clients, and
 * listeners and publishers that are connected are the clients.
 */
function totalsOf(streams: readonly Stream[]): Fields {
  const sum = (count: (stream: Stream) => number) => streams.reduce((all, stream) => all + count(stream), 0)
  const openings = (isRelay: boolean) =>
    sum(({ plan, counters }) => ((plan.sources[0]?.kind === 'relay') === isRelay ? counters.openings : 0))
  const listeners = sum((stream) => stream.listeners)
  const joins = sum(({ counters }) => counters.joins)
  const publishers = sum(({ sourceState }) => (sourceState.peer?.kind === 'publisher' ? 1 : 0))
  const [byClients, byRelays] = [openings(false), openings(true)]
  return {
    client_connections: joins + byClients,
    clients: listeners + publishers,
    connections: joins + byClients + byRelays,
    file_connections: 0,
    listener_connections: joins,
    listeners,
    source_client_connections: byClients,
    source_relay_connections: byRelays,
    source_total_connections: byClients + byRelays,
    sources: sum(({ sourceState }) => (sourceState.kind === 'open' ? 1 : 0)),
    stats: 0,
    stats_connections: 0,
  }
}

/** Icecast orders elements by their names. */
function sorted(fields: object): XmlElement[] {
  const all = Object.entries(fields as Fields)
  return all.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => element(name, value))
}

function sourceElement({ path }: Stream, children: readonly XmlElement[]): XmlElement {
  return element('source', children, { mount: path })
}

function playlistOf(titles: readonly PlayedTitle[]): XmlElement {
  const tracks = titles.toReversed().map(({ text }) => element('track', [element('title', toldText(text))]))
  return element('playlist', [element('trackList', tracks)], { version: '1', xmlns: 'http://xspf.org/ns/0/' })
}

function currentTitle({ titles }: Stream): string {
  return toldText(titles.newest?.text ?? '')
}

function secondsSince(at: number, now: number): number {
  return Math.max(0, Math.round((now - at) / 1000))
}

/** @param name `192.0.2.7:4711` or `[2001:db8::7]:4711` or `2001:db8::7:4711` */
function withoutPort(name: string): string {
  return name.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '')
}
