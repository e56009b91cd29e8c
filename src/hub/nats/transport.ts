import {
  type ConnectionOptions,
  type NatsConnection,
  NatsConnectionImpl,
  type NodeConnectionOptions,
  setTransportFactory,
} from '@nats-io/transport-node'
import { NodeTransport, nodeResolveHost } from '@nats-io/transport-node/lib/node_transport.js'

/** A try to connect. */
export interface Dialing {
  readonly connected: Promise<NatsConnection>
  /** Closes its sockets. */
  readonly abandon: () => void
}

/** Options that the client passes on to its transports. */
interface TrackedOptions extends NodeConnectionOptions {
  /** Called with each transport; a name with several addresses has one for each. */
  readonly opened: (transport: NodeTransport) => void
}

/** The client leaves the socket open when a server does not answer in time: this one can be closed from outside. */
class TrackedTransport extends NodeTransport {
  override connect(server: Parameters<NodeTransport['connect']>[0], options: NodeConnectionOptions): Promise<void> {
    const { opened } = options as TrackedOptions
    opened(this)
    return super.connect(server, options)
  }
}

/** Begins to connect, as `connect` of the client does. */
export function startDialing(options: ConnectionOptions): Dialing {
  const transports = new Set<NodeTransport>()
  setTransportFactory({ factory: () => new TrackedTransport(), dnsResolveFn: nodeResolveHost })
  const tracked: TrackedOptions = { ...options, opened: (transport) => transports.add(transport) }
  return {
    connected: NatsConnectionImpl.connect(tracked),
    abandon() {
      for (const transport of transports) transport.discard()
    },
  }
}
