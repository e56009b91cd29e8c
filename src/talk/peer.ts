import type { Connection } from './connection.ts'
import { CLOSE, type ClientMessage, CODECS, type Codec } from './protocol.ts'
import type { Guest } from './room.ts'

/** A person after the hello message: the interfaces for the room, for the partner, and for the person's own page. */
export interface Person extends Guest<Person> {
  readonly codecs: readonly Codec[]
  readonly isMuted: boolean
  /** Sends sound of the partner to this person. */
  hear(sound: Buffer): void
  /** Notifies this person that the partner was muted or unmuted. */
  learn(partnerMuted: boolean): void
  /** Sends sound of this person to the partner. Without one it is dropped: it was in transit when the partner left. */
  speak(sound: Buffer): void
  mute(isMuted: boolean): void
}

export function createPerson(
  { me, codecs }: ClientMessage & { type: 'hello' },
  network: string,
  connection: Connection,
): Person {
  let partner: Person | undefined
  let isMuted = false
  return {
    me,
    network,
    codecs,
    get isMuted() {
      return isMuted
    },
    wait: (ahead) => connection.tell({ type: 'waiting', ahead }),
    meet(other) {
      partner = other
      connection.tell({ type: 'connected', codec: commonCodec(codecs, other.codecs), partnerMuted: other.isMuted })
    },
    part() {
      partner = undefined
      connection.tell({ type: 'left' })
    },
    replaced: () => connection.end(CLOSE.replaced, 'this page is here again'),
    makeRoom: () => connection.end(CLOSE.full, 'there is no room for more people here'),
    hear: (sound) => connection.pass(sound),
    learn: (muted) => connection.tell({ type: 'muted', muted }),
    speak: (sound) => partner?.hear(sound),
    mute(muted) {
      isMuted = muted
      partner?.learn(muted)
    },
  }
}

function commonCodec(some: readonly Codec[], others: readonly Codec[]): Codec {
  return CODECS.find((codec) => some.includes(codec) && others.includes(codec)) ?? 'pcm'
}
