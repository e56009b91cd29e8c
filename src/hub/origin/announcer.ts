import type { Stream } from '../../stream/stream.ts'
import type { StreamEvent } from '../../stream/stream-event.ts'
import type { Clock } from '../../system/clock.ts'
import { type Announcement, encodeAnnouncement } from '../announcement.ts'
import type { HubLink } from '../hub-link.ts'
import { atMostEvery, type Limited } from './at-most-every.ts'
import { hubFormat } from './hub-key.ts'

/** Time between two announcements, and the least between two changes, in milliseconds. */
const EVERY_MS = 2_000
const CHANGES_EVERY_MS = 250

/** Events after which an announcement differs from the one before. */
const CHANGES: ReadonlySet<StreamEvent['kind']> = new Set(['title changed', 'source on air', 'format changed'])

/** Announces a stream on the hub, every 2 s and at each change. */
export class Announcer {
  readonly #stream: Stream
  readonly #subject: string
  readonly #link: HubLink
  readonly #clock: Clock
  readonly #limited: Limited
  readonly #unsubscribe: () => void
  #plan: Stream['plan']
  #cancelNext: (() => void) | undefined

  constructor(stream: Stream, subject: string, link: HubLink, clock: Clock) {
    this.#stream = stream
    this.#subject = subject
    this.#link = link
    this.#clock = clock
    this.#plan = stream.plan
    this.#limited = atMostEvery(CHANGES_EVERY_MS, clock, () => this.#send())
    this.#unsubscribe = stream.events.subscribe(({ kind }) => {
      if (CHANGES.has(kind)) this.announce()
    })
    this.announce()
  }

  /** Sends an announcement, soon. */
  announce(): void {
    this.#limited.request()
  }

  /** Notices a change of the plan. */
  look(): void {
    if (this.#plan === this.#stream.plan) return
    this.#plan = this.#stream.plan
    this.announce()
  }

  /** Announces no more. @param isReplaced the stream is published by another publisher of this program, so it is not gone */
  end(isReplaced: boolean): void {
    this.#unsubscribe()
    this.#limited.end()
    this.#cancelNext?.()
    if (!isReplaced) this.#link.publish(this.#subject, encodeAnnouncement(undefined))
  }

  #send(): void {
    this.#cancelNext?.()
    this.#link.publish(this.#subject, encodeAnnouncement(announcementOf(this.#stream)))
    this.#cancelNext = this.#clock.after(EVERY_MS, () => this.announce())
  }
}

function announcementOf(stream: Stream): Announcement {
  const { newest } = stream.epochs
  const known = newest && hubFormat(stream, newest)
  const { about, page } = stream.plan
  return {
    contentType: known?.contentType ?? stream.contentType,
    format: known?.format,
    about,
    hidden: page.hidden,
    title: stream.titles.newest?.text ?? '',
  }
}
