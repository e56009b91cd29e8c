import { type IceSource, iceTimes } from './ice-source.ts'

/** Content of `/status-json.xsl`, as of Icecast 2.4. */
export interface IceStats {
  readonly admin: string
  readonly host: string
  readonly location: string
  readonly server_id: string
  readonly server_start: string
  readonly server_start_iso8601: string
  /** Readers expect an object for one source, an array for more, and no field for none. */
  readonly source?: IceSource | readonly IceSource[]
  readonly dummy?: null
}

/** What the response has beside the sources. */
export interface ShownServer {
  /** Address under which the client reaches this server, without a slash at its end. */
  readonly address: string
  /** `streamserve/1.0.0` */
  readonly id: string
  /** Start of the program, in milliseconds since 1970. */
  readonly startedAt: number
}

/** @param sources in the order of the response; each with the URL path in place of its URL */
export function iceStats(sources: readonly IceSource[], { address, id, startedAt }: ShownServer): IceStats {
  const all = sources.map((source) => ({ ...source, listenurl: address + source.listenurl }))
  const [first] = all
  const [server_start, server_start_iso8601] = iceTimes(startedAt)
  return {
    admin: '',
    host: hostOf(address),
    location: '',
    server_id: id,
    server_start,
    server_start_iso8601,
    ...(first === undefined ? { dummy: null } : { source: all.length === 1 ? first : all }),
  }
}

/** Returns the host of an address, without its port. */
function hostOf(address: string): string {
  return /^https?:\/\/(\[[^\]]*\]|[^:/]*)/.exec(address)?.[1] ?? ''
}
