import { FairShare } from '../access/fair-share.ts'
import type { Place } from '../access/shares.ts'
import { type Clock, pause } from '../system/clock.ts'
import { allOf, newsIn } from './news.ts'
import type { StatusNews, StatusReport } from './report.ts'
import type { Status } from './status.ts'

/** Subscriber to the status. */
export interface StatusSubscriber {
  /** Address under which the subscriber is counted; see `networkOf`. */
  readonly network: string
  /** Whether earlier messages still wait to be written. */
  readonly isBusy: boolean
  /** @param news in JSON. */
  send(news: string): void
  /** Ends the subscription; nothing is sent afterwards. */
  end(): void
}

/** All subscribers to the status. They receive changes once a second, or earlier when `Status.pulse` changes. */
export interface StatusSubscribers {
  /** @returns false when all places are occupied, and the subscriber's address has its share. */
  add(looker: StatusSubscriber): boolean
  remove(looker: StatusSubscriber): void
  /** Ends all subscriptions and refuses new ones. */
  end(): void
}

const MOST_LOOKERS = 32
/** Number of subscribers that an address may have in a full pool when another address has more. */
const RESERVED = 8
/** Maximum time between two messages, and interval of the checks for a change, in milliseconds. */
const TELL_EVERY_MS = 1_000
const LOOK_EVERY_MS = 250
/** Number of messages that a busy subscriber may miss before it is disconnected; missed messages are not queued. */
const PATIENCE = 10
/** In place of a number of missed messages: the first report is not sent yet. */
const NOT_BEGUN = -1

export function createStatusSubscribers(status: Status, clock: Clock): StatusSubscribers {
  /** Number of messages that each subscriber has missed since the last one that it was sent. */
  const missed = new Map<StatusSubscriber, number>()
  const places = new Map<StatusSubscriber, Place<StatusSubscriber>>()
  let isTelling = false
  let hasEnded = false
  let before: StatusReport | undefined
  const pool = new FairShare<StatusSubscriber>(
    {
      places: MOST_LOOKERS,
      reserved: RESERVED,
      giveUp(looker) {
        forget(looker)
        looker.end()
      },
    },
    clock,
  )

  function forget(looker: StatusSubscriber): void {
    missed.delete(looker)
    const place = places.get(looker)
    if (place !== undefined) pool.leave(place)
    places.delete(looker)
  }

  async function begin(looker: StatusSubscriber): Promise<void> {
    const report = await status.report()
    if (!missed.has(looker)) return
    looker.send(JSON.stringify(allOf(report)))
    missed.set(looker, 0)
    before ??= report
    if (!isTelling) void tellWhileLookedAt()
  }

  async function tellWhileLookedAt(): Promise<void> {
    isTelling = true
    while (missed.size > 0) {
      await somethingNew()
      if (missed.size > 0) tell(await status.report())
    }
    isTelling = false
    before = undefined
  }

  async function somethingNew(): Promise<void> {
    const pulse = status.pulse()
    for (let ms = 0; ms < TELL_EVERY_MS && status.pulse() === pulse; ms += LOOK_EVERY_MS)
      await pause(clock, LOOK_EVERY_MS)
  }

  function tell(report: StatusReport): void {
    const whole = once(() => allOf(report))
    const news = once(() => (before === undefined ? allOf(report) : newsIn(report, before)))
    for (const [looker, count] of missed) {
      if (count === NOT_BEGUN) continue
      missed.set(looker, looker.isBusy ? count + 1 : 0)
      if (!looker.isBusy) looker.send(count > 0 ? whole() : news())
      else if (count >= PATIENCE) looker.end()
    }
    before = report
  }

  return {
    add(looker) {
      if (hasEnded) return false
      const place = pool.enter(looker.network, looker, true)
      if (place === undefined) return false
      places.set(looker, place)
      missed.set(looker, NOT_BEGUN)
      void begin(looker)
      return true
    },
    remove: forget,
    end() {
      hasEnded = true
      for (const looker of missed.keys()) looker.end()
      missed.clear()
    },
  }
}

/** Makes a message when it is first needed, and shares it among all subscribers. */
function once(make: () => StatusNews): () => string {
  let text: string | undefined
  return () => {
    text ??= JSON.stringify(make())
    return text
  }
}
