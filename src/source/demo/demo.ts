import { type Clock, pause } from '../../system/clock.ts'
import type { Source } from '../source.ts'
import { MELODY_RATE, renderMelody } from './melody.ts'

/** Duration of one piece of the melody, in milliseconds. */
const PIECE_MS = 50

/** Makes a source of a built-in melody in real time, as raw samples in the format of `-pcm cd`. */
export function createDemoSource(clock: Clock): Source {
  return {
    label: 'built-in melody',
    open: async (signal) => ({ chunks: melodyInTime(clock, signal), about: {} }),
  }
}

async function* melodyInTime(clock: Clock, signal: AbortSignal): AsyncGenerator<Buffer> {
  const frames = (MELODY_RATE * PIECE_MS) / 1000
  const startedAt = clock.now()
  for (let piece = 0; !signal.aborted; piece++) {
    yield renderMelody(piece * frames, frames)
    await pause(clock, Math.max(0, startedAt + (piece + 1) * PIECE_MS - clock.now()), signal)
  }
}
