import { isForMembers } from '../access/listen-gate.ts'
import { kbpsOf } from '../stream/bit-rate.ts'
import { encodePath } from '../stream/encode-path.ts'
import { samplesOf } from '../stream/samples-of.ts'
import type { Stream } from '../stream/stream.ts'

/** Fields of a request of the YP protocol, as Icecast names them. */
export type DirectoryForm = Readonly<Record<string, string>>

/** Codecs in Ogg that directories know as subtypes. */
const SUBTYPES = new Set(['vorbis', 'opus', 'flac', 'speex'])

/**
 * Returns the form that adds a stream to a directory, without its bit rate; undefined: the stream is not for the public, or its type
 * is not known yet.
 * @param publicUrl address of the program for listeners
 */
export function addForm(stream: Stream, publicUrl: string): DirectoryForm | undefined {
  const { path, plan } = stream
  const { about, access, page, ingest } = plan
  const isPublic = page.public && !page.hidden && !isForMembers(access)
  const samples = samplesOf(stream)
  const type = samples === undefined ? (ingest.contentType ?? stream.contentType ?? ingest.likelyType) : 'audio/wav'
  if (!isPublic || type === undefined) return undefined
  return {
    action: 'add',
    sn: about.name ?? path.slice(1),
    genre: about.genre ?? '',
    cpswd: '',
    desc: about.description ?? '',
    url: about.url ?? publicUrl,
    listenurl: publicUrl.replace(/\/+$/, '') + encodePath(path) + (samples === undefined ? '' : '?wav'),
    type,
    stype: subtypeOf(stream.format),
  }
}

/** Returns the bit rate for the form, in kbit/s; empty: not known. */
export function bitRateField({ ring, samples }: Pick<Stream, 'ring' | 'samples'>): string {
  const kbps = samples === undefined ? kbpsOf(ring) : Math.round((samples.rate * samples.blockBytes * 8) / 1000)
  return String(kbps ?? '')
}

/** Returns the form that renews an entry. */
export function touchForm({ titles, clients, plan, format }: Stream, sid: string): DirectoryForm {
  const { maxListeners } = plan.access
  return {
    action: 'touch',
    sid,
    st: titles.newest?.text ?? '',
    listeners: String(clients),
    max_listeners: maxListeners === 0 ? 'unlimited' : String(maxListeners),
    stype: subtypeOf(format),
  }
}

export function removeForm(sid: string): DirectoryForm {
  return { action: 'remove', sid }
}

function subtypeOf(format = ''): string {
  const codec = format.split(/[ ,]/, 1)[0]?.toLowerCase() ?? ''
  return SUBTYPES.has(codec) ? codec : ''
}
