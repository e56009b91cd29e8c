import { createHash } from 'node:crypto'
import { type CiaoService, getResponder, type Responder } from '@homebridge/ciao'
import type { Logger } from '@logtape/logtape'
import { encodePath } from '../stream/encode-path.ts'
import { interfacesOfHost } from '../system/interfaces-of-host.ts'
import type { AnnouncedStream } from './announced-streams.ts'
import { serviceNames } from './service-names.ts'

/** Where the program can be reached in the network. */
export interface NetworkAddress {
  /** Name of this machine. */
  readonly host: string
  readonly port: number
  /** IP addresses at which it listens; undefined: at all. */
  readonly only: readonly string[] | undefined
}

interface Announced {
  readonly name: string
  readonly service: CiaoService
}

/** Maximum number of services: each costs some memory and packets. */
const MAX_SERVICES = 100
/** Maximum length of the part of the host's name that is used, in characters. */
const HOST_LENGTH = 40

/**
 * The streams as services of type `_http._tcp` (DNS-SD, RFC 6763) in the local network, announced by mDNS (RFC 6762). The path of
 * each is in its TXT record, under the registered key `path`.
 */
export class NetworkServices {
  readonly #address: NetworkAddress
  readonly #log: Logger
  readonly #announced = new Map<string, Announced>()
  #responder: Responder | undefined
  #interfaces: readonly string[] = []
  #failure = ''

  constructor(address: NetworkAddress, log: Logger) {
    this.#address = address
    this.#log = log
  }

  /** Announces what is new or has another name, and withdraws what is not there any more. */
  async update(streams: readonly AnnouncedStream[]): Promise<void> {
    await this.#followInterfaces()
    if (this.#responder === undefined) return
    const shown = streams.filter(({ plan }) => !plan.page.hidden).slice(0, MAX_SERVICES)
    const names = serviceNames(
      shown.map(({ path, plan }) => ({ path, name: plan.about.name })),
      this.#address.host,
    )
    const old = [...this.#announced].filter(([path, { name }]) => names.get(path) !== name)
    await Promise.all(old.map(([path, one]) => this.#withdraw(path, one)))
    for (const [path, name] of names) if (!this.#announced.has(path)) this.#announce(path, name, this.#responder)
  }

  /** Withdraws all services, which browsers notice at once. */
  async end(): Promise<void> {
    this.#announced.clear()
    await this.#responder?.shutdown()
    this.#responder = undefined
  }

  /** The interfaces are named to the library: it would start a program every 15 s to find them. */
  async #followInterfaces(): Promise<void> {
    const names = usableInterfaces()
    if (names.join() === this.#interfaces.join() && this.#responder !== undefined) return
    await this.end()
    this.#interfaces = names
    if (names.length === 0) return this.#fail('no network interface has an IPv4 address')
    this.#responder = getResponder({ interface: names })
  }

  #announce(path: string, name: string, responder: Responder): void {
    const { port, only } = this.#address
    const txt = { path: encodePath(path) }
    const fields = { stream: path, name }
    try {
      const service = responder.createService({
        name,
        type: 'http',
        port,
        hostname: this.#hostname(path),
        txt,
        // The library would announce the loopback address too.
        restrictedAddresses: [...(only ?? this.#interfaces)],
      })
      this.#announced.set(path, { name, service })
      service.on('name-change', (other) => this.#log.info('mDNS name changed', { ...fields, instead: other }))
      service.advertise().then(
        () => this.#succeed(fields),
        (error: unknown) => this.#fail((error as Error).message),
      )
    } catch (error) {
      this.#fail((error as Error).message)
    }
  }

  async #withdraw(path: string, { name, service }: Announced): Promise<void> {
    this.#announced.delete(path)
    this.#log.info('mDNS announcement ended', { stream: path, name })
    await service.destroy()
  }

  /** Each service has a name of a host of its own: when it is withdrawn, so are the addresses of the name. */
  #hostname(path: string): string {
    const { host, port } = this.#address
    const own = host.replaceAll(/[^\w-]+/g, '-').slice(0, HOST_LENGTH)
    return `${own}-${port}-${createHash('sha256').update(path).digest('hex').slice(0, 6)}`
  }

  #succeed(fields: { readonly stream: string; readonly name: string }): void {
    this.#failure = ''
    this.#log.info('mDNS announcement started', fields)
  }

  #fail(reason: string): void {
    if (reason !== this.#failure) this.#log.warn('mDNS announcement failed', { reason })
    this.#failure = reason
  }
}

/** Returns the names of interfaces with an IPv4 address of the network. */
function usableInterfaces(): string[] {
  return Object.entries(interfacesOfHost())
    .filter(([, all]) => all?.some(({ family, internal }) => family === 'IPv4' && !internal))
    .map(([name]) => name)
    .toSorted()
}
