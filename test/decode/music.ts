/**
 * Synthetic music, the same each time, with everything that encoders have to handle: chords, noise, sudden beats (so that an
 * MP3 encoder saves bits and spends them), and silence between them.
 */

const BEATS_PER_SECOND = 4
const NOTES = [110, 164.8, 220, 277.2, 329.6, 440, 554.4, 880]

/** @returns stereo, s16le. */
export function music(seconds: number, rate: number): Buffer {
  const beatSamples = Math.round(rate / BEATS_PER_SECOND)
  const frames = Math.round(seconds * rate)
  const samples = new Int16Array(2 * frames)
  const random = createRandom(1)
  for (let from = 0; from < frames; from += beatSamples) {
    playBeat(samples.subarray(2 * from, 2 * (from + beatSamples)), rate, random)
  }
  return Buffer.from(samples.buffer)
}

/** A quarter of a second: two notes, a burst of noise, sometimes a click or near silence. */
function playBeat(samples: Int16Array, rate: number, random: () => number): void {
  const low = pick(NOTES, random)
  const high = 2 * pick(NOTES, random)
  const loudness = random() < 0.15 ? 0.02 : 0.5 + random() / 2
  const stroke = random() * 8000
  const decay = Math.exp(-1 / (rate * (0.01 + random() * 0.05)))
  const click = random() < 0.2 ? Math.floor((random() * samples.length) / 2) : -1
  let noise = stroke
  for (let i = 0; i < samples.length / 2; i++) {
    const tones = 5000 * Math.sin((2 * Math.PI * low * i) / rate) + 3000 * Math.sin((2 * Math.PI * high * i) / rate)
    noise = (i === click ? 15_000 : noise) * decay
    samples[2 * i] = loudness * (tones + noise * (random() - 0.5) * 2 + 300 * random())
    samples[2 * i + 1] = loudness * (tones * 0.7 + noise * (random() - 0.5) * 2)
  }
}

function pick(values: readonly number[], random: () => number): number {
  return values[Math.floor(random() * values.length)] ?? 0
}

/** Random numbers from 0 to 1 (exclusive), the same for the same seed (Marsaglia's xorshift of 32 bits). */
export function createRandom(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
