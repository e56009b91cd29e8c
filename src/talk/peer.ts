import { CLOSE } from '../websocket/close-codes.ts'
import type { Connection } from './connection.ts'
import { CODECS, type Codec, type Hello } from './protocol.ts'
import type { Member } from './room.ts'

/** One end of a conversation: a connection after its hello message. */
export class Peer implements Member<Peer> {
  readonly me: string
  readonly network: string
  readonly #codecs: readonly Codec[]
  readonly #connection: Connection
  #partner: Peer | undefined
  #isMuted = false

  constructor({ me, codecs }: Hello, network: string, connection: Connection) {
    this.me = me
    this.network = network
    this.#codecs = codecs
    this.#connection = connection
  }

  wait(ahead: number): void {
    this.#connection.send({ type: 'waiting', ahead })
  }

  pair(partner: Peer): void {
    this.#partner = partner
    const codec = commonCodec(this.#codecs, partner.#codecs)
    this.#connection.send({ type: 'connected', codec, partnerMuted: partner.#isMuted })
  }

  unpair(): void {
    this.#partner = undefined
    this.#connection.send({ type: 'left' })
  }

  replace(): void {
    this.#connection.close(CLOSE.replaced, 'replaced by a newer connection of this page')
  }

  evict(): void {
    this.#connection.close(CLOSE.full, 'this address has too many connections')
  }

  /** Forwards sound to the partner. Without one it is dropped: it was in transit when the partner left. */
  forward(sound: Buffer): void {
    if (this.#partner !== undefined) this.#partner.#connection.forward(sound)
  }

  /** Notifies the partner that this peer was muted or unmuted. */
  mute(isMuted: boolean): void {
    this.#isMuted = isMuted
    if (this.#partner !== undefined) this.#partner.#connection.send({ type: 'muted', muted: isMuted })
  }
}

function commonCodec(some: readonly Codec[], others: readonly Codec[]): Codec {
  return CODECS.find((codec) => some.includes(codec) && others.includes(codec)) ?? 'pcm'
}
