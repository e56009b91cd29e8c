import { setImmediate as turn } from 'node:timers/promises'
import type { Test } from 'tap'
import type { AdminGate } from '../../../src/access/admin-gate.ts'
import type { PublishPlan, StreamPlan } from '../../../src/plan/stream-plan.ts'
import type { Publication, Publisher, PublishPoint, PublishRefusal } from '../../../src/station/publishing.ts'
import type { Stream } from '../../../src/stream/stream.ts'
import { systemClock } from '../../../src/system/clock.ts'
import { createFrontDoor } from '../../../src/transport/front-door.ts'
import { addressOf, bind } from '../../../src/transport/listening.ts'
import { createPublishers } from '../../../src/transport/publish/publishers.ts'
import { createRoutes } from '../../../src/transport/routes.ts'
import { openStreamAccess, publisherGate } from '../../access/gates.ts'
import { type Client, connectTo } from '../../client.ts'
import { type KeptLog, keepLog } from '../../kept-log.ts'
import { PUBLISH_RULES, streamPlan } from '../../plans.ts'

/** `source:hackme` as Basic credentials. */
export const AUTHORIZATION = 'Authorization: Basic c291cmNlOmhhY2ttZQ==\r\n'

/** Something that a test waits for. */
class Watched {
  readonly #watchers = new Set<() => void>()

  protected changed(): void {
    for (const look of this.#watchers) look()
  }

  protected until<T>(ready: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const look = () => {
        const value = ready()
        if (value === undefined) return
        this.#watchers.delete(look)
        resolve(value)
      }
      this.#watchers.add(look)
      look()
    })
  }
}

/** A publication that keeps what it gets. */
export class TestPublication extends Watched implements Publication {
  readonly stream = {} as Stream
  readonly publisher: Publisher
  readonly titles: string[] = []
  /** Position of each title, in bytes. */
  readonly titlesAt: number[] = []
  /** It takes no more than this, in bytes. */
  capacity = Number.POSITIVE_INFINITY
  #chunks: Buffer[] = []
  #length = 0
  #left: string | undefined

  constructor(publisher: Publisher) {
    super()
    this.publisher = publisher
  }

  push(chunk: Buffer): boolean {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    this.changed()
    return this.#length < this.capacity
  }

  setTitle(title: string): void {
    this.titles.push(title)
    this.titlesAt.push(this.#length)
    this.changed()
  }

  end(reason: string): void {
    this.leave(reason)
    this.publisher.ended(reason)
  }

  leave(reason = 'disconnected'): void {
    this.#left ??= reason
    this.changed()
  }

  bytes(): Buffer {
    this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0] ?? Buffer.alloc(0)
  }

  /** Resolves with the bytes when there are at least this number. */
  async has(length: number): Promise<Buffer> {
    await this.until(() => (this.#length >= length ? true : undefined))
    return this.bytes()
  }

  /** Resolves with the reason when the publisher has left. */
  left(): Promise<string> {
    return this.until(() => this.#left)
  }

  get isOver(): boolean {
    return this.#left !== undefined
  }
}

/** A point at which one publisher at a time is on air. */
class TestPoint extends Watched implements PublishPoint {
  readonly path: string
  readonly plan: StreamPlan
  readonly rules: PublishPlan | undefined
  readonly publications: TestPublication[] = []
  /** Of the publications to come, in bytes. */
  capacity = Number.POSITIVE_INFINITY

  constructor(path: string, rules: PublishPlan | undefined) {
    super()
    this.path = path
    this.rules = rules
    this.plan = { ...streamPlan('-demo'), path, publish: rules }
  }

  get publication(): TestPublication | undefined {
    return this.publications.find(({ isOver }) => !isOver)
  }

  publish(publisher: Publisher): Publication | PublishRefusal {
    if (this.publication !== undefined) return 'another publisher is on air'
    const publication = new TestPublication(publisher)
    publication.capacity = this.capacity
    this.publications.push(publication)
    this.changed()
    return publication
  }

  /** Resolves with the publication with this number, from 1 on. */
  onAir(number = 1): Promise<TestPublication> {
    return this.until(() => this.publications[number - 1])
  }
}

/** A front door with publish points, and nothing else. */
export interface WireServer {
  readonly port: number
  readonly log: KeptLog
  /** Adds a point. */
  open(path: string, rules?: Partial<PublishPlan> | null): TestPoint
  /** Makes a path refuse publishers. */
  refuse(path: string, refusal: PublishRefusal): void
}

const NO_ADMINS: AdminGate = { accounts: undefined, check: async () => 'missing', knows: async () => false }

function noDelivery(): never {
  throw new Error('there are no listeners')
}

/** @param isEnabled whether programs can publish at all */
export async function startWire(t: Test, isEnabled = true): Promise<WireServer> {
  const points = new Map<string, TestPoint | PublishRefusal>()
  const log = keepLog()
  const publishing = {
    at: async (path: string) => points.get(path) ?? 'there is no stream to publish at this path',
    points: () => [...points.values()].filter((point) => typeof point !== 'string'),
  }
  const clock = systemClock
  const gate = publisherGate(clock, log.logger)
  const { take, lines } = createPublishers(
    publishing,
    gate,
    { admins: NO_ADMINS, station: { find: async () => undefined } },
    () => isEnabled,
    () => {},
    clock,
    log.logger,
  )
  const { visits, access } = openStreamAccess(noDelivery, clock, log.logger)
  const handle = createRoutes(
    { find: async () => undefined },
    noDelivery,
    visits,
    access,
    take,
    () => false,
    clock,
    log.logger,
  )
  const door = createFrontDoor({ timeoutMs: 5_000, handle, secure: undefined, lines }, () => {}, clock, log.logger)
  await bind(door.server, { host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    door.shut()
    await door.breakAll()
  })
  return {
    port: addressOf(door.server).port,
    log,
    open(path, rules = {}) {
      const point = new TestPoint(path, rules === null ? undefined : { ...PUBLISH_RULES, ...rules })
      points.set(path, point)
      return point
    },
    refuse: (path, refusal) => void points.set(path, refusal),
  }
}

/** Sends bytes one by one, each in a segment of its own. */
export async function sendSingly(client: Client, bytes: Buffer | string): Promise<void> {
  client.socket.setNoDelay(true)
  for (const byte of Buffer.from(bytes)) {
    client.socket.write(Buffer.of(byte))
    await turn()
  }
}

/** Connects and sends bytes, which may be another encoding than UTF-8. */
export function send(t: Test, port: number, ...parts: readonly (Buffer | string)[]): Client {
  const client = connectTo(t, port, '')
  client.socket.write(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
  return client
}
