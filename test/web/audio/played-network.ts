import { JitterBuffer, type JitterBufferOptions } from '../../../src/web/audio/jitter-buffer.ts'
import { Varispeed } from '../../../src/web/audio/varispeed.ts'

/** A sender, a network and a player, whose clocks may differ in speed. */
export interface Scene extends Partial<JitterBufferOptions> {
  /** Duration of a block, in milliseconds. */
  readonly blockMs: number
  /** Drift of the sender's clock, in millionths; positive: faster. */
  readonly driftPpm?: number
  /** Network delay of block n, in milliseconds; blocks do not overtake each other. Undefined: it is lost. */
  readonly delayMs: (block: number) => number | undefined
  readonly seconds: number
}

/** State of the player at one moment. */
export interface Moment {
  readonly second: number
  readonly bufferedMs: number
  readonly targetMs: number
  readonly underruns: number
  readonly jumps: number
  /** Sound played since the moment before. */
  readonly sound: Float32Array
}

const RATE = 8000
const QUANTUM = 128
const QUANTA_A_MOMENT = 8

/** Plays the tone of `toneAt` through a jitter buffer. @returns the buffer, and its state about eight times a second */
export function play({ blockMs, driftPpm = 0, delayMs, seconds, ...options }: Scene) {
  const buffer = new JitterBuffer({ rate: RATE, channels: 1, leastMs: 40, mostMs: 80, firstMs: 40, ...options })
  const varispeed = new Varispeed((out, at, count) => buffer.pull(out, at, count), 1, 1)
  const frames = Math.round((blockMs * RATE) / 1000)
  const blockS = frames / RATE / (1 + driftPpm / 1e6)
  const moments: Moment[] = []
  const heard: Float32Array[] = []
  let next = 0
  let arrivesAt = 0
  const arrival = () => {
    for (;;) {
      const delay = delayMs(next)
      // A block can be sent when its last sample has been recorded.
      if (delay !== undefined) return Math.max(arrivesAt, (next + 1) * blockS + delay / 1000)
      next++
    }
  }
  let comesAt = arrival()
  for (let quantum = 0; (quantum * QUANTUM) / RATE < seconds; quantum++) {
    const now = (quantum * QUANTUM) / RATE
    for (; comesAt <= now; comesAt = arrival()) {
      arrivesAt = comesAt
      buffer.push(block(next * frames, frames), next * frames, now)
      next++
    }
    const out = new Float32Array(QUANTUM)
    varispeed.read([out], buffer.speed(now))
    heard.push(out)
    if (heard.length < QUANTA_A_MOMENT) continue
    const { bufferedMs, targetMs, underruns, jumps } = buffer
    moments.push({ second: now, bufferedMs, targetMs, underruns, jumps, sound: joined(heard.splice(0)) })
  }
  return { buffer, moments }
}

/** The sound that is sent: a tone of 200 Hz, at half of full scale. */
export function toneAt(sample: number): number {
  return 0.5 * Math.sin((2 * Math.PI * 200 * sample) / RATE)
}

/** Maximum difference between adjacent samples of that tone. */
export const STEEPEST = 0.5 * 2 * Math.PI * (200 / RATE)

/** Maximum difference between adjacent samples of the sound. */
export function steepest(moments: readonly Moment[]): number {
  const sound = joined(moments.map((moment) => moment.sound))
  let most = 0
  for (let i = 1; i < sound.length; i++) most = Math.max(most, Math.abs((sound[i] ?? 0) - (sound[i - 1] ?? 0)))
  return most
}

function block(from: number, frames: number): Float32Array {
  return Float32Array.from({ length: frames }, (_, i) => toneAt(from + i))
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
