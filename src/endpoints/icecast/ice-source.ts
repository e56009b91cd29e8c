import { toldText } from '../../status/safe-text.ts'
import { kbpsOf } from '../../stream/bit-rate.ts'
import { encodePath } from '../../stream/encode-path.ts'
import { samplesOf } from '../../stream/samples-of.ts'
import type { Stream } from '../../stream/stream.ts'
import type { Clock } from '../../system/clock.ts'
import { type SoundProperties, soundProperties } from './sound-properties.ts'

/** Properties of a stream that Icecast shows. */
export type ShownStream = Pick<
  Stream,
  'path' | 'plan' | 'titles' | 'ring' | 'format' | 'contentType' | 'isRaw' | 'sourceState' | 'listeners' | 'counters'
>

type SourceState = Pick<Stream['sourceState'], 'since' | 'peer'>

/** A source, whose fields have the order of Icecast. Readers use some of them without a check, so none of these is left out. */
export interface IceSource extends Partial<SoundFields> {
  readonly audio_info?: string
  readonly bitrate: number
  readonly genre: string
  readonly listener_peak: number
  readonly listeners: number
  readonly listenurl: string
  readonly server_description: string
  readonly server_name: string
  readonly server_type: string
  readonly server_url?: string
  readonly stream_start: string
  readonly stream_start_iso8601: string
  readonly title: string
  readonly yp_currently_playing: string
  readonly dummy: null
}

type SoundFields = Readonly<Record<'ice-bitrate' | 'ice-channels' | 'ice-samplerate', number>>

/**
 * Makes the sources of the response. A source is made again only after a change, because a thousand of them take 20 ms, and
 * all clients may request them.
 */
export class IceSources {
  readonly #clock: Clock
  readonly #known = new WeakMap<ShownStream, { readonly facts: readonly unknown[]; readonly source: IceSource }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Returns the source of a stream whose source is open, with its URL path as `listenurl`. */
  of(stream: ShownStream, state: SourceState): IceSource {
    const facts = factsOf(stream, state)
    const known = this.#known.get(stream)
    if (known?.facts.every((fact, at) => fact === facts[at])) return known.source
    const openedAt = Date.now() - this.#clock.now() + state.since
    const source = sourceOf(stream, state, openedAt)
    this.#known.set(stream, { facts, source })
    return source
  }
}

/** Returns values of which at least one changes with the source of the response. */
function factsOf(stream: ShownStream, { since, peer }: SourceState): readonly unknown[] {
  const { plan, listeners, counters, titles, format, contentType, isRaw, ring } = stream
  return [since, peer, plan, listeners, counters.listenerPeak, titles.newest, format, contentType, isRaw, kbpsOf(ring)]
}

function sourceOf(stream: ShownStream, { peer }: SourceState, openedAt: number): IceSource {
  const { about } = stream.plan
  const samples = samplesOf(stream)
  const sound = soundProperties(stream, peer?.audioInfo, samples?.format)
  const [stream_start, stream_start_iso8601] = iceTimes(openedAt)
  const title = toldText(stream.titles.newest?.text ?? '')
  const audioInfo = audioInfoOf(peer?.audioInfo, sound)
  return {
    ...(audioInfo === '' ? {} : { audio_info: audioInfo }),
    bitrate: sound.kbps ?? 0,
    genre: toldText(about.genre ?? ''),
    ...soundFields(sound),
    listener_peak: stream.counters.listenerPeak,
    listeners: stream.listeners,
    listenurl: encodePath(stream.path) + (samples?.wavByDefault === false ? '?wav' : ''),
    server_description: toldText(about.description ?? ''),
    server_name: toldText(about.name || stream.path),
    server_type: shownType(stream),
    ...(about.url === undefined ? {} : { server_url: toldText(about.url) }),
    stream_start,
    stream_start_iso8601,
    title,
    yp_currently_playing: title,
    dummy: null,
  }
}

/** Returns the media type of a stream at its `listenurl`. */
export function shownType(stream: ShownStream): string {
  return samplesOf(stream) === undefined ? (stream.contentType ?? 'application/octet-stream') : 'audio/wav'
}

function soundFields({ kbps, rate, channels }: SoundProperties): Partial<SoundFields> {
  return {
    ...(kbps === undefined ? {} : { 'ice-bitrate': kbps }),
    ...(channels === undefined ? {} : { 'ice-channels': channels }),
    ...(rate === undefined ? {} : { 'ice-samplerate': rate }),
  }
}

/** Returns the text of the publisher, or one of the same form; empty when nothing is known. */
function audioInfoOf(stated: string | undefined, { kbps, rate, channels }: SoundProperties): string {
  if (stated) return toldText(stated)
  const known = Object.entries({ bitrate: kbps, channels, samplerate: rate })
  return known.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])).join(';')
}

/**
 * Returns a time as `Sat, 28 Nov 2026 18:05:51 +0000` and `2026-11-28T18:05:51+0000`: readers in Go accept no other zone, no
 * colon in it and no fractions.
 */
export function iceTimes(at: number): [text: string, iso8601: string] {
  const date = new Date(Math.round(at / 1000) * 1000)
  return [date.toUTCString().replace('GMT', '+0000'), `${date.toISOString().slice(0, 19)}+0000`]
}
