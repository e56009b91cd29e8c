import type { AdminGate } from '../../access/admin-gate.ts'
import type { Credentials } from '../../access/logins.ts'
import type { Publishing } from '../../station/publishing.ts'
import type { Station } from '../../station/station.ts'
import type { Stream } from '../../stream/stream.ts'
import { NO_SOURCE, OF_GATE, type Refusal } from './refusals.ts'

/** Titles that administrators set, of all streams. */
export interface AdminTitles {
  readonly admins: AdminGate
  readonly station: Pick<Station, 'find'>
}

const OF_FILE: Refusal = {
  status: 400,
  reason: 'the titles of this stream are those of its title-file',
  advice: 'write the title to the file, or remove title-file from the section of the stream',
}

/** @returns the stream at a path whose title an administrator may set */
export async function titledByAdmin({ station }: AdminTitles, path: string): Promise<Stream | Refusal> {
  const stream = await station.find(path)
  if (stream === undefined || stream.isFinished) return NO_SOURCE
  return stream.plan.titles.file === undefined ? stream : OF_FILE
}

/** Sets a title: that of the bytes that a publisher sends next, or else of the next frame of another source. */
export async function setByAdmin(stream: Stream, publishing: Publishing, title: string): Promise<void> {
  const point = await publishing.at(stream.path)
  const publication = typeof point === 'string' ? undefined : point.publication
  ;(publication ?? stream).setTitle(title)
}

/** Refuses a client that is not an administrator, where only administrators can set a title. */
export async function refusalByAdmins(
  { admins }: AdminTitles,
  offered: Credentials | undefined,
  network: string,
): Promise<Refusal> {
  const result = admins.accounts === undefined ? 'granted' : await admins.check(offered, network)
  return result === 'granted' ? NO_SOURCE : OF_GATE[result]
}
