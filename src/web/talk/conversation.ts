import type { Codec, ServerMessage } from '../../talk/protocol.ts'
import type { CapturedBlock } from '../audio/capture-messages.ts'
import type { Incoming } from './incoming.ts'
import { Link } from './link.ts'
import { createOutgoing } from './outgoing.ts'
import type { Situation } from './situation.ts'

/** Messages between this page, the server and the current partner. */
export class Conversation {
  readonly #incoming: Incoming
  readonly #codecs: readonly Codec[]
  readonly #changed: (situation: Situation) => void
  readonly #link: Link
  readonly #outgoing = createOutgoing((sound) => this.#link.sendSound(sound))
  /** Identifies this page to the server when it reconnects. */
  readonly #me = crypto.randomUUID()
  #codec: Codec | undefined
  #isMuted = false
  #hasLeft = false

  /**
   * @param address of the page @param codecs those that this browser supports
   * @param changed called with each new situation
   */
  constructor(address: string, codecs: readonly Codec[], incoming: Incoming, changed: (situation: Situation) => void) {
    this.#incoming = incoming
    this.#codecs = codecs
    this.#changed = changed
    this.#link = new Link(address, {
      opened: () => this.#introduce(),
      message: (message) => this.#receive(message),
      sound: (bytes) => incoming.receive(bytes),
      lost: (isFull) => this.#lost(isFull),
    })
  }

  /** Undefined: without a partner. */
  get codec(): Codec | undefined {
    return this.#codec
  }

  /** Round trip to the server, in milliseconds. */
  get roundTripMs(): number | undefined {
    return this.#link.roundTripMs
  }

  /** Sends a block of the microphone. */
  send(block: CapturedBlock): void {
    this.#outgoing.send(block)
  }

  /** Notifies the current partner. */
  announce(isMuted: boolean): void {
    if (this.#isMuted === isMuted) return
    this.#isMuted = isMuted
    this.#link.send({ type: 'muted', muted: isMuted })
  }

  end(): void {
    this.#link.close()
    this.#use(undefined)
  }

  #introduce(): void {
    this.#link.send({ type: 'hello', me: this.#me, codecs: this.#codecs })
    if (this.#isMuted) this.#link.send({ type: 'muted', muted: true })
  }

  #receive(message: ServerMessage): void {
    if (message.type === 'left') {
      this.#hasLeft = true
    } else if (message.type === 'waiting') {
      this.#use(undefined)
      this.#changed({ kind: 'waiting', ahead: message.ahead, hasLeft: this.#hasLeft })
    } else if (message.type === 'muted') {
      this.#changed({ kind: 'connected', partnerMuted: message.muted })
    } else if (message.type === 'connected') {
      this.#hasLeft = false
      this.#use(message.codec)
      this.#changed({ kind: 'connected', partnerMuted: message.partnerMuted })
    }
  }

  #lost(isFull: boolean): void {
    this.#hasLeft = false
    this.#use(undefined)
    this.#changed({ kind: isFull ? 'full' : 'away' })
  }

  /** Prepares for a partner that reads this codec; undefined: without a partner. */
  #use(codec: Codec | undefined): void {
    this.#codec = codec
    this.#incoming.clear()
    this.#outgoing.use(codec)
  }
}
