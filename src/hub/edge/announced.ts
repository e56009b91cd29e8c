import type { About } from '../../plan/stream-plan.ts'
import type { Clock } from '../../system/clock.ts'
import { decodeAnnouncement } from '../announcement.ts'
import type { AnnouncedStream } from '../hub.ts'
import type { HubDelivery, HubLink } from '../hub-link.ts'
import { ALL_ANNOUNCEMENTS, placeOfSubject } from '../subjects.ts'

/** Time after the last announcement at which a stream is forgotten, in milliseconds: they come every 2 s. */
const FORGOTTEN_MS = 8_000
/** Maximum number of streams, and of origins of each: every stream takes memory here, and any number may be announced. */
const MAX_STREAMS = 4_096
const MAX_ORIGINS = 16

interface Announcing {
  /** Time of the last announcement, in milliseconds of the clock. */
  at: number
  about: Partial<About>
}

/** Directory of the streams that the origins of a hub announce. */
export class Announced {
  readonly #clock: Clock
  readonly #streams = new Map<string, Map<string, Announcing>>()
  readonly #listeners = new Set<() => void>()
  readonly #unsubscribe: () => void
  #cancelCheck: (() => void) | undefined
  #cancelNotice: (() => void) | undefined

  constructor(link: HubLink, clock: Clock) {
    this.#clock = clock
    this.#unsubscribe = link.subscribe(ALL_ANNOUNCEMENTS, (delivery) => this.#take(delivery))
  }

  /** Sorted by name. */
  list(): readonly AnnouncedStream[] {
    return [...this.#streams]
      .map(([name, origins]) => ({ name, origins: [...origins.keys()].toSorted() }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
  }

  /** Returns how an origin describes a stream: the same object until it changes; undefined: it is not announced. */
  aboutOf(name: string, origin: string | undefined): Partial<About> | undefined {
    return this.#streams.get(name)?.get(origin ?? '')?.about
  }

  /** See `Hub.onAnnounced`. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  close(): void {
    this.#unsubscribe()
    this.#cancelCheck?.()
    this.#cancelNotice?.()
  }

  #take({ subject, payload }: HubDelivery): void {
    const place = placeOfSubject(subject)
    const announcement = place && decodeAnnouncement(payload)
    if (place === undefined || announcement === undefined) return
    if (announcement === 'gone') this.#forget(place.name, place.origin)
    else this.#note(place.name, place.origin, known(announcement.about))
  }

  #note(name: string, origin: string, about: Partial<About>): void {
    const origins = this.#streams.get(name) ?? new Map<string, Announcing>()
    const announcing = origins.get(origin)
    const isFull = this.#streams.size >= MAX_STREAMS && origins.size === 0
    if (announcing === undefined && (isFull || origins.size >= MAX_ORIGINS)) return
    const isSame = announcing !== undefined && JSON.stringify(announcing.about) === JSON.stringify(about)
    origins.set(origin, { at: this.#clock.now(), about: isSame ? announcing.about : about })
    const isNew = origins.size === 1 && announcing === undefined
    if (isNew) this.#streams.set(name, origins)
    this.#cancelCheck ??= this.#clock.after(FORGOTTEN_MS, () => this.#check())
    if (isNew) this.#changed()
  }

  #forget(name: string, origin: string): void {
    const origins = this.#streams.get(name)
    if (origins?.delete(origin) !== true || origins.size > 0) return
    this.#streams.delete(name)
    this.#changed()
  }

  /** Forgets what is not announced any more. */
  #check(): void {
    const now = this.#clock.now()
    let oldest = now
    for (const [name, origins] of this.#streams) {
      for (const [origin, { at }] of origins) {
        if (now - at >= FORGOTTEN_MS) this.#forget(name, origin)
        else oldest = Math.min(oldest, at)
      }
    }
    const isEmpty = this.#streams.size === 0
    this.#cancelCheck = isEmpty ? undefined : this.#clock.after(oldest + FORGOTTEN_MS - now, () => this.#check())
  }

  /** Calls the observers once for all changes of a moment: an edge that starts gets thousands. */
  #changed(): void {
    this.#cancelNotice ??= this.#clock.after(0, () => {
      this.#cancelNotice = undefined
      for (const listener of this.#listeners) listener()
    })
  }
}

/** Leaves out what is not known, so that it does not replace what the edge has. */
function known(about: About): Partial<About> {
  return Object.fromEntries(Object.entries(about).filter(([, value]) => value !== undefined))
}
