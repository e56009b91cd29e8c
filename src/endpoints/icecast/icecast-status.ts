import { isForMembers } from '../../access/listen-gate.ts'
import type { Clock } from '../../system/clock.ts'
import { readVersion } from '../../system/version.ts'
import { requestedAddress } from '../own-address.ts'
import type { Page } from '../page.ts'
import type { IceSource, IceSources, ShownStream } from './ice-source.ts'
import { iceStats } from './icestats.ts'

/** Dependencies of the status in Icecast's shape. */
interface IcecastStatusOptions {
  /** Returns the streams in the order of the response, which is stable because some readers pick a source by its index. */
  readonly streams: () => readonly ShownStream[]
  readonly sources: IceSources
  /** Start of the program, in milliseconds of the clock. */
  readonly startedAt: number
}

/** Scripts of all sites may read it: it has no addresses of clients and no commands. */
const HEADERS = {
  'Content-Type': 'application/json; charset=UTF-8',
  'Cache-Control': 'no-cache, no-store',
  'Access-Control-Allow-Origin': '*',
  'X-Content-Type-Options': 'nosniff',
}

/** `/status-json.xsl`, which programs made for Icecast read; `?mount=/cd` restricts it to one stream. */
export function createIcecastStatus({ streams, sources, startedAt }: IcecastStatusOptions, clock: Clock): Page {
  const id = `streamserve/${readVersion()}`

  function shown(mount: string | null): IceSource[] {
    return streams().flatMap((stream) => {
      if (stream.plan.page.hidden || (mount !== null && stream.path !== mount)) return []
      const { sourceState } = stream
      return sourceState.kind === 'open' ? [publicSource(sources.of(stream, sourceState), stream)] : []
    })
  }

  return {
    owns: (path) => path === '/status-json.xsl',
    answer(request, response) {
      const server = { address: requestedAddress(request), id, startedAt: Date.now() - clock.now() + startedAt }
      const body = JSON.stringify({ icestats: iceStats(shown(request.query.get('mount')), server) })
      response.writeHead(200, { ...HEADERS, 'Content-Length': Buffer.byteLength(body) }).end(body)
    },
  }
}

/** What is played is for those who may listen. */
function publicSource(source: IceSource, { plan }: ShownStream): IceSource {
  return isForMembers(plan.access) ? { ...source, title: '', yp_currently_playing: '' } : source
}
