import { isMediaType } from '../../../filters/hub/head.ts'
import type { HubKey } from '../../../filters/hub/message.ts'
import { filterNames } from '../../../filters/names.ts'
import type { PcmFormat } from '../../../filters/pcm-format.ts'
import { mediaTypeOf } from '../../../filters/plain-file.ts'
import { endlessWavHeader } from '../../../filters/wav/header.ts'
import { readWavHeader, wavFormat } from '../../../filters/wav/riff.ts'
import type { Epoch } from '../../stream/epoch.ts'
import type { Stream } from '../../stream/stream.ts'
import { inOneLine } from '../../text/in-one-line.ts'

const RAW = 'raw'
const RAW_TYPE = 'application/octet-stream'
const WAV_TYPE = 'audio/wav'

/** Filters that cut the frames of a media type out of their bytes. */
const FILTERS_BY_TYPE: ReadonlyMap<string, string> = new Map([
  ['audio/mpeg', 'mp3'],
  ['audio/aac', 'aac-adts'],
  ['audio/flac', 'flac'],
  ['audio/ogg', 'ogg'],
  ['application/ogg', 'ogg'],
  [WAV_TYPE, 'wav'],
])

/** The format of frames as they travel. */
export type HubFormat = Pick<HubKey, 'filter' | 'contentType' | 'format'>

/** Returns the format in which the frames of an epoch travel: raw samples are WAV, so that their format is in their bytes. */
export function hubFormat(stream: Stream, epoch: Epoch): HubFormat {
  const samples = samplesOf(stream, epoch)
  if (samples !== undefined) return { filter: 'wav', contentType: WAV_TYPE, format: wavName(samples) }
  const { name, contentType } = epoch.format
  // The media type of an opening may be known with its second frame only.
  const type = (epoch === stream.epochs.newest ? stream.contentType : contentType) ?? RAW_TYPE
  const isPossible = isMediaType(type)
  return { filter: filterOf(stream, name), contentType: isPossible ? type : RAW_TYPE, format: inOneLine(name) }
}

/** Returns what a reader needs to begin with a frame; undefined: no listener can begin there. */
export function hubKey(stream: Stream, epoch: Epoch, seq: number): HubKey | undefined {
  const samples = samplesOf(stream, epoch)
  const preamble = samples ? endlessWavHeader(samples) : epoch.preamble(seq, stream.ring, true, seq)
  if (preamble === null) return undefined
  const title = inOneLine(stream.titles.at(seq)?.text)
  return { ...hubFormat(stream, epoch), header: epoch.header, preamble, title, row: epoch.mark?.row }
}

/** Returns the format of raw samples; undefined: they are not raw, or begin with a header of which only the user knows what it is. */
function samplesOf({ plan }: Stream, { format, header }: Epoch): PcmFormat | undefined {
  return format.isRaw && header.length === 0 ? plan.ingest.samples?.format : undefined
}

/** A filter of the user's own may cut frames in another way, so they are not cut again. */
function filterOf({ plan }: Stream, formatName: string): string {
  const isOwn = !filterNames.includes(plan.ingest.filter)
  return isOwn ? RAW : (FILTERS_BY_TYPE.get(mediaTypeOf(formatName)) ?? RAW)
}

function wavName(samples: PcmFormat): string {
  const header = readWavHeader(endlessWavHeader(samples))
  return typeof header === 'object' ? `${WAV_TYPE} (${wavFormat(header)})` : WAV_TYPE
}
