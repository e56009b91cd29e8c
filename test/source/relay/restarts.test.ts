/** Listeners of a relay while its upstream restarts. */
import t from 'tap'
import { loadFilter } from '../../../filters/load-filter.ts'
import { lame } from '../../decode/encode.ts'
import { complaints } from '../../filters/ogg/encoded-ogg.ts'
import { needs } from '../../programs.ts'
import { MemoryListener } from '../../stream/listeners-in-memory.ts'
import { beginRun } from '../../stream/long-run.ts'
import { passUntil } from './pass-until.ts'
import { ok, relayOf, startUpstream } from './upstream.ts'

const RESTARTS = 100
/** About a second of MP3 at 128 kbit/s, from a place within a frame to a place within another. */
const PIECE_BYTES = 15_000

t.test(
  '100 restarts of the upstream lose no listener, and no decoder complains',
  { skip: needs('lame', 'ffmpeg', 'mpg123') },
  async (t) => {
    const mp3 = lame(44_100, '-b', '128')(10)
    const upstream = await startUpstream(t, (socket) => {
      const from = (upstream.requests.length * 7_919) % (mp3.length - PIECE_BYTES)
      socket.write(
        Buffer.concat([Buffer.from(ok('Content-Type: audio/mpeg\r\n')), mp3.subarray(from, from + PIECE_BYTES)]),
      )
    })
    const { stream, delivery, clock, came } = beginRun(await loadFilter('auto'), (own) =>
      relayOf([upstream.url], {}, own),
    )
    const heard: Buffer[] = []
    const { listener } = new MemoryListener(delivery, ({ before, bytes }) => void heard.push(before, bytes))
    t.ok(listener)
    for (let restarts = 0; restarts < RESTARTS; restarts++) {
      const { bytes } = came
      t.ok(await passUntil(clock, 100_000, () => came.bytes > bytes + PIECE_BYTES - 2_000), 'sound arrives')
      await clock.advance(1_000)
      const [socket] = upstream.sockets
      if (restarts % 2 === 0) socket?.resetAndDestroy()
      else socket?.end()
      t.ok(await passUntil(clock, 100_000, () => stream.sourceState.kind === 'retrying'), 'the upstream has gone')
    }
    t.ok(await passUntil(clock, 100_000, () => stream.sourceState.kind === 'open'), 'it is back')
    t.equal(stream.listeners, 1)
    t.equal(upstream.requests.length, RESTARTS + 1)
    await stream.stop('the test is over')
    const body = Buffer.concat(heard)
    t.ok(body.length > RESTARTS * (PIECE_BYTES - 2_000), `${body.length}`)
    t.equal(complaints(body, 'mpg123', '-q', '-t', '@'), '')
    t.equal(complaints(body, 'ffmpeg', '-v', 'warning', '-f', 'mp3', '-i', '-', '-f', 'null', '-'), '')
  },
)
