import type { ProgramHooks } from './hooks.ts'
import type { About, StreamPlan } from './stream-plan.ts'

/** What the program is to do. Types only, as for streams. */
export interface ProgramPlan {
  readonly listen: ListenPlan
  readonly log: LogPlan
  readonly pages: PagesPlan
  readonly clients: ClientsPlan
  readonly admin: AdminPlan
  readonly hooks: ProgramHooks
  readonly announcing: AnnouncingPlan
  /** Undefined: there is no hub. */
  readonly hub: HubPlan | undefined
  /** Maximum number of cores; 0: all. */
  readonly cpuMax: number
  /** Memory for frames and for pending writes, in bytes; undefined: an eighth of the machine's. */
  readonly bufferMemory: number | undefined
  /** Configured streams, in the order of the file. */
  readonly streams: readonly StreamPlan[]
  /** Plans of published streams, by wildcard; `/*` is the last, and matches every path. */
  readonly published: readonly StreamPlan[]
  /** Description of the station: the defaults of its streams. */
  readonly about: About
  /** Streams are configured in sections, rather than one stream at `/`. */
  readonly isStation: boolean
  /** File or directory of `-config`; undefined: none. */
  readonly configFile: string | undefined
}

/** Where and how the program accepts connections. */
interface ListenPlan {
  /** Addresses; empty: port 80, or 8080 when the user may not use port 80. */
  readonly addresses: readonly Address[]
  /** User to change to once the port is bound; undefined: none. */
  readonly uid: string | number | undefined
  /** Time for a complete request head, in milliseconds. */
  readonly headerTimeoutMs: number
  /** Undefined: HTTP only. */
  readonly tls: TlsPlan | undefined
}

/** An address to listen at. */
export interface Address {
  /** A name or a numeric address, without brackets; undefined: all addresses of the machine. */
  readonly host: string | undefined
  /** 0 to 65535; 0 picks a free port. */
  readonly port: number
}

/** The certificate of HTTPS: two files, or undefined for one that the program makes. */
export interface TlsPlan {
  readonly files: { readonly cert: string; readonly key: string } | undefined
}

/** A NATS server or cluster, which carries frames from origins to edges. */
export interface HubPlan {
  /** Addresses of its servers: `nats://host:4222`, `tls://host:4222`. */
  readonly servers: readonly string[]
  /** File with credentials; undefined: none are needed. */
  readonly credentialsFile: string | undefined
  /** File with certificates of authorities, for TLS; undefined: those of the system. */
  readonly caFile: string | undefined
  /** Name of this program on the hub, unique among origins and among edges; undefined: the name of the machine. */
  readonly origin: string | undefined
}

/** Where the streams are announced. */
export interface AnnouncingPlan {
  /** In the local network, by mDNS. */
  readonly mdns: boolean
  /** Addresses of directories of the YP protocol that list public streams; empty: none. */
  readonly directories: readonly string[]
  /** Address of the program for listeners in the internet, without a path of a stream; undefined: unknown. */
  readonly publicUrl: string | undefined
}

interface LogPlan {
  readonly format: 'text' | 'json'
  readonly debug: boolean
  /** Interval of statistics, in milliseconds; 0 disables them. */
  readonly statisticsEveryMs: number
}

interface PagesPlan {
  /** Clients that may see the status page. */
  readonly status: 'off' | 'local' | 'all'
  /** Clients that may read the metrics. */
  readonly metrics: 'off' | 'local' | 'all'
  /** Pages to talk and to publish. */
  readonly talk: boolean
  /** Token for publishing from a browser; undefined: made at the start. */
  readonly liveToken: string | undefined
}

/** Who may connect, and how clients are known. */
export interface ClientsPlan {
  /** Addresses and ranges of proxies whose reports are accepted; undefined: see `isTrustedProxy`. */
  readonly trustedProxies: readonly string[] | undefined
  /** File of banned addresses and ranges; undefined: none. */
  readonly banFile: string | undefined
  /** Maximum number of connections, of all clients and of one; 0: unlimited. */
  readonly maxConnections: number
  readonly maxConnectionsPerAddress: number
  /** File that gets a line for each response; undefined: none. */
  readonly accessLog: string | undefined
}

/** Administrators. With neither, nobody is one. */
interface AdminPlan {
  /** Password of the user `admin`. */
  readonly password: string | undefined
  /** File of further users in the format of htpasswd. */
  readonly usersFile: string | undefined
}
