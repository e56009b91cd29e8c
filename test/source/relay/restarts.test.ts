/** Listeners of a relay while its upstream restarts. */
import type { Socket } from 'node:net'
import t from 'tap'
import { loadFilter } from '../../../filters/load-filter.ts'
import { type Encode, ffmpeg, flac, lame, oggenc, opusenc } from '../../decode/encode.ts'
import { complaints } from '../../filters/ogg/encoded-ogg.ts'
import { needs } from '../../programs.ts'
import { repetitions } from '../../repetitions.ts'
import { reset } from '../../reset.ts'
import { MemoryListener } from '../../stream/listeners-in-memory.ts'
import { beginRun } from '../../stream/long-run.ts'
import { passUntil } from './pass-until.ts'
import { ok, relayOf, startUpstream } from './upstream.ts'

interface Trial {
  readonly encode: Encode
  /** ffmpeg's name of the format. */
  readonly format: string
  readonly restarts: number
  /** A connection begins within a frame, as with Icecast; not after the headers that others need. */
  readonly isCut: boolean
}

const TRIALS: Readonly<Record<string, Trial>> = {
  MP3: { encode: lame(44_100, '-b', '128'), format: 'mp3', restarts: repetitions(20, 100), isCut: true },
  'MP3 of variable rate': { encode: lame(44_100, '-V', '4'), format: 'mp3', restarts: repetitions(8, 20), isCut: true },
  AAC: {
    encode: ffmpeg(44_100, '-c:a', 'aac', '-b:a', '96k', '-f', 'adts'),
    format: 'aac',
    restarts: repetitions(8, 20),
    isCut: true,
  },
  Opus: { encode: opusenc('--bitrate', '96'), format: 'ogg', restarts: repetitions(8, 20), isCut: false },
  Vorbis: { encode: oggenc(44_100), format: 'ogg', restarts: repetitions(8, 20), isCut: false },
  FLAC: { encode: flac(44_100), format: 'flac', restarts: repetitions(8, 20), isCut: false },
}
/** Duration of the sound that each connection sends, in seconds; it ends within a frame. */
const PIECE_SECONDS = 1.2
const SECONDS = 10

const DECODERS: readonly (readonly [string, ...string[]])[] = [
  ['ffmpeg', '-v', 'warning', '-f', 'FORMAT', '-i', '-', '-f', 'null', '-'],
  ['mpg123', '-q', '-t', '@'],
]
const skip = needs('lame', 'ffmpeg', 'mpg123', 'opusenc', 'oggenc', 'flac')

for (const [name, { encode, format, restarts, isCut }] of Object.entries(TRIALS)) {
  t.test(`${restarts} restarts lose no listener of ${name}, and no decoder complains`, { skip }, async (t) => {
    const bytes = encode(SECONDS)
    const pieceBytes = Math.round((bytes.length * PIECE_SECONDS) / SECONDS)
    const upstream = await startUpstream(t, (socket) => {
      const times = upstream.requests.length
      const from = isCut ? (times * 7_919) % (bytes.length - pieceBytes) : 0
      const piece = bytes.subarray(from, from + pieceBytes + (times % 20) * 131)
      socket.write(Buffer.concat([Buffer.from(ok()), piece]))
    })
    const create = await loadFilter('auto')
    const { stream, delivery, clock, came } = beginRun(create, (own) => relayOf([upstream.url], {}, own))
    const heard: Buffer[] = []
    const sink = new MemoryListener(delivery, ({ before, bytes }) => void heard.push(before, bytes))
    for (let times = 0; times < restarts; times++) {
      const before = came.us
      t.ok(await passUntil(clock, 100_000, () => came.us > before + 0.3e6 * PIECE_SECONDS), 'sound arrives')
      await clock.advance(1_000)
      for (const socket of upstream.sockets) disconnect(socket, times)
      t.ok(await passUntil(clock, 100_000, () => stream.sourceState.kind === 'retrying'), 'the upstream has gone')
    }
    t.ok(await passUntil(clock, 100_000, () => stream.sourceState.kind === 'open'), 'it is back')
    t.equal(stream.listeners, 1)
    t.equal(upstream.requests.length, restarts + 1)
    await stream.stop('the test is over')
    t.ok(sink.bytes > 0.3 * restarts * pieceBytes, `${sink.bytes}`)
    for (const [program, ...args] of format === 'mp3' ? DECODERS : DECODERS.slice(0, 1)) {
      const words = args.map((word) => (word === 'FORMAT' ? format : word))
      t.equal(complaints(Buffer.concat(heard), program, ...words), '')
    }
  })
}

/** A server that ends closes its connections in order; one that crashes resets them. */
function disconnect(socket: Socket, times: number): void {
  if (times % 2 === 0) reset(socket)
  else socket.end()
}
