import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { Test } from 'tap'
import { reset } from '../reset.ts'

/** Maximum number of bytes of each direction of a connection that are kept for a report. */
const KEPT_BYTES = 3000
/** Maximum number of connections in a report. */
const KEPT_CONNECTIONS = 12

/** A proxy between a program and a server, which loses connections, and which reports what was sent. */
export interface Wire {
  /** Publishers of SOURCE and PUT connect here; those of SHOUTcast connect to the next port. */
  readonly port: number
  /** Resets the connections of the program, while the server does not notice anything. */
  lose(): void
}

/** One connection of a program. */
interface Line {
  readonly client: Socket
  readonly upstream: Socket
  readonly sent: { readonly from: 'program' | 'server'; readonly bytes: Buffer }[]
}

/**
 * Listens on two consecutive ports. A test that fails shows the beginnings of all connections.
 * @param ports of the server, for the first and for the second port.
 * @param from address from which the server is reached.
 */
export async function startWire(t: Test, ports: readonly [number, number], from?: string): Promise<Wire> {
  const lines: Line[] = []
  const [first, second] = await twoServers()
  for (const [i, server] of [first, second].entries()) {
    server.on('connection', (client) => lines.push(joinTo(client, ports[i] ?? 0, from)))
  }
  const lose = () => {
    for (const { client, upstream } of lines) {
      client.unpipe(upstream).removeAllListeners('close')
      reset(client)
    }
  }
  t.teardown(() => {
    lose()
    for (const { upstream } of lines) upstream.destroy()
    for (const server of [first, second]) server.close()
    if (!t.passing()) console.error(lines.slice(0, KEPT_CONNECTIONS).map(textOf).join('\n'))
  })
  return { port: portOf(first), lose }
}

function joinTo(client: Socket, port: number, from: string | undefined): Line {
  const upstream = connect({ port, host: '127.0.0.1', allowHalfOpen: true, localAddress: from })
  const line: Line = { client, upstream, sent: [] }
  forward(client, upstream, note(line, 'program'))
  forward(upstream, client, note(line, 'server'))
  return line
}

/** Passes on bytes, the end, and a reset. */
function forward(input: Socket, output: Socket, see: (bytes: Buffer) => void): void {
  input.on('error', () => {}).on('data', see)
  input.pipe(output)
  input.on('close', (hadError) => {
    if (hadError) reset(output)
    else output.destroySoon()
  })
}

function note({ sent }: Line, from: 'program' | 'server'): (bytes: Buffer) => void {
  let left = KEPT_BYTES
  return (bytes) => {
    if (left <= 0) return
    sent.push({ from, bytes: bytes.subarray(0, left) })
    left -= bytes.length
  }
}

function textOf({ sent }: Line): string {
  const rows = sent.map(({ from, bytes }) => `${from}: ${JSON.stringify(bytes.toString('latin1').slice(0, 1000))}`)
  return ['connection:', ...rows.slice(0, 12)].join('\n  ')
}

/** Listens on a free port, and on the next one. */
async function twoServers(): Promise<[Server, Server]> {
  for (;;) {
    const first = await listening(0)
    const second = first && (await listening(portOf(first) + 1))
    if (first !== undefined && second !== undefined) return [first, second]
    first?.close()
  }
}

/** Returns undefined when the port is not free. */
async function listening(port: number): Promise<Server | undefined> {
  const server = createServer({ allowHalfOpen: true }).listen(port, '127.0.0.1')
  const isOpen = await once(server, 'listening').then(
    () => true,
    () => false,
  )
  return isOpen ? server : undefined
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
