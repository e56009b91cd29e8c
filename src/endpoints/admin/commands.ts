import type { Publishing } from '../../station/publishing.ts'
import type { ListenerList } from '../../status/listener-list.ts'
import { samplesOf } from '../../stream/samples-of.ts'
import type { Stream } from '../../stream/stream.ts'
import type { XmlElement } from '../../text/xml.ts'
import type { ShownServer } from '../icecast/icestats.ts'
import { actionResult, CommandRefused } from './answers.ts'
import { type AdminStats, clientList, isShown, mountList } from './stats.ts'

/** The program, as administrators control it. */
export interface Controls {
  /** Returns the streams, in a stable order. */
  readonly streams: () => readonly Stream[]
  readonly publishing: Pick<Publishing, 'at'>
  readonly listeners: ListenerList
  /** Disconnects a listener, in whichever thread. */
  readonly endListener: (id: number) => void
  /** Moves listeners to a stream with the same format. @param id of the only one; undefined: all */
  readonly moveListeners: (from: Stream, to: Stream, id: number | undefined) => void
}

/** A request of an administrator. */
interface AdminRequest {
  /** Returns a parameter; undefined: it is missing or empty. */
  readonly parameter: (name: string) => string | undefined
  readonly server: ShownServer
  /** Moment of the request, in milliseconds of the clock. */
  readonly now: number
}

/** A command at `/admin/NAME`. */
export interface Command {
  /** It changes something, so pages of other sites must not cause it. */
  readonly isAction: boolean
  /** @throws CommandRefused */
  readonly run: (request: AdminRequest, controls: Controls, stats: AdminStats) => XmlElement | Promise<XmlElement>
}

/** Media types whose frames can follow those of another stream without a new header. */
const MOVABLE = new Set(['audio/mpeg', 'audio/aac'])

const stats: Command = {
  isAction: false,
  run({ parameter, server }, { streams }, all) {
    const mount = parameter('mount')
    const shown = mount === undefined ? streams().filter(isShown) : [streamAt(mount, streams())]
    return all.stats(streams(), shown, server)
  },
}

/** The commands, by name. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['stats', stats],
  ['stats.xml', stats],
  ['listmounts', { isAction: false, run: ({ now }, { streams }) => mountList(streams().filter(isShown), now) }],
  [
    'listclients',
    {
      isAction: false,
      run(request, { streams, listeners }) {
        const stream = sourceOf(request, streams())
        return clientList(stream, listeners.of(stream), request.now)
      },
    },
  ],
  ['killclient', { isAction: true, run: endClient }],
  ['killsource', { isAction: true, run: endPublisher }],
  ['moveclients', { isAction: true, run: moveClients }],
  ['fallbacks', { isAction: true, run: fallbacks }],
])

function endClient(request: AdminRequest, { streams, listeners, endListener }: Controls): XmlElement {
  const stream = sourceOf(request, streams())
  const id = idIn(request)
  if (id === undefined) throw new CommandRefused('Missing parameter: id')
  if (listeners.find(stream, id) === undefined) return actionResult(`Client ${id} not found`, false)
  endListener(id)
  return actionResult(`Client ${id} removed`, true)
}

async function endPublisher(request: AdminRequest, { streams, publishing }: Controls): Promise<XmlElement> {
  const { path } = sourceOf(request, streams())
  const point = await publishing.at(path)
  const publication = typeof point === 'string' ? undefined : point.publication
  if (publication === undefined) throw new CommandRefused('this stream has no publisher now')
  publication.end('ended by an administrator')
  return actionResult('Source Removed', true)
}

function moveClients(request: AdminRequest, { streams, listeners, moveListeners }: Controls): XmlElement {
  const from = sourceOf(request, streams())
  const destination = request.parameter('destination')
  if (destination === undefined) {
    const others = streams().filter((stream) => stream !== from && isShown(stream))
    return mountList(others, request.now, from.path)
  }
  const to = streams().find(({ path }) => path === destination)
  if (to === undefined) throw new CommandRefused('No such destination')
  if (to === from) throw new CommandRefused('supplied mountpoints are identical')
  const misfit = misfitOf(from, to)
  if (misfit !== undefined) throw new CommandRefused(misfit)
  const id = idIn(request)
  if (id !== undefined) {
    const listener = listeners.find(from, id)
    if (listener === undefined) return actionResult(`Client ${id} not found`, false)
    if (listener.over !== undefined) throw new CommandRefused('listeners over a WebSocket cannot be moved')
  }
  moveListeners(from, to, id)
  return actionResult(`Clients moved from ${from.path} to ${to.path}`, true)
}

/** Sets the fallback of a stream until the configuration changes, or lists it. */
function fallbacks(request: AdminRequest, { streams }: Controls): XmlElement {
  const stream = sourceOf(request, streams())
  const path = request.parameter('fallback')
  if (path === undefined) return mountList([stream], request.now)
  if (!streams().some((other) => other.path === path)) throw new CommandRefused('No such fallback')
  if (leadsTo(path, stream.path, streams())) throw new CommandRefused('a stream cannot replace itself')
  if (!stream.useFallback(path)) {
    throw new CommandRefused('this stream has no fallback in the station file, which could be replaced')
  }
  return actionResult('Fallback configured', true)
}

/** Whether one stream is another one, or is made or replaced by it. */
function leadsTo(
  path: string,
  target: string,
  streams: readonly Stream[],
  seen: ReadonlySet<string> = new Set(),
): boolean {
  if (path === target) return true
  if (seen.has(path)) return false
  const plan = streams.find((stream) => stream.path === path)?.plan
  const origins = plan?.sources.flatMap((source) => (source.kind === 'from' ? [source.path] : [])) ?? []
  const next = [...origins, ...(plan?.fallback.paths ?? [])]
  return next.some((one) => leadsTo(one, target, streams, new Set([...seen, path])))
}

/** @returns why listeners of one stream cannot continue with another; undefined: they can */
function misfitOf(from: Stream, to: Stream): string | undefined {
  const { contentType, formatName } = to
  if (to.isFinished || to.refusal !== undefined || formatName === undefined) return 'the destination has no sound now'
  const samples = samplesOf(to)?.format
  if (to.header.length > 0 || (samples === undefined && !MOVABLE.has(contentType ?? ''))) {
    return `listeners cannot be moved to ${contentType ?? 'an unknown format'}, which begins with a header`
  }
  const isSame = contentType === from.contentType && formatName === from.formatName
  const hasSameSamples = JSON.stringify(samples) === JSON.stringify(samplesOf(from)?.format)
  return isSame && hasSameSamples ? undefined : `${formatOf(to)} cannot follow ${formatOf(from)}`
}

function formatOf({ formatName, contentType }: Stream): string {
  return formatName ?? contentType ?? 'an unknown format'
}

function sourceOf({ parameter }: AdminRequest, streams: readonly Stream[]): Stream {
  const mount = parameter('mount')
  if (mount === undefined) throw new CommandRefused('Missing parameter: mount')
  return streamAt(mount, streams)
}

function streamAt(mount: string, streams: readonly Stream[]): Stream {
  const stream = streams.find(({ path }) => path === mount)
  if (stream === undefined) throw new CommandRefused('Source does not exist')
  return stream
}

/** @returns undefined: it is missing. NaN is the id of no client. */
function idIn({ parameter }: AdminRequest): number | undefined {
  const text = parameter('id')
  if (text === undefined) return undefined
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
}
