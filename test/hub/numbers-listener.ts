import type { Test } from 'tap'
import { type Client, listen } from '../client.ts'
import { FRAME_BYTES, FRAME_MS, numbersOf } from './numbered-mp3.ts'

/** A listener of numbered frames. */
export interface NumbersListener {
  readonly client: Client
  /** Numbers received so far. */
  numbers(): number[]
  /** Numbers that came more than once, and those that are missing between the first and the last one. */
  faults(): { readonly repeated: number[]; readonly missing: number[] }
  /** Longest silence since the last call, in milliseconds: time without bytes, less the sound of one frame. */
  longestSilenceMs(): number
  /** Resolves when it has received another frame. */
  hears(): Promise<void>
}

/** Requests a stream of numbered frames. */
export function listenToNumbers(t: Test, port: number, path: string): NumbersListener {
  const client = listen(t, port, path)
  let soundUntil: number | undefined
  let silenceMs = 0
  client.socket.on('data', () => {
    const now = performance.now()
    if (soundUntil !== undefined) silenceMs = Math.max(silenceMs, now - soundUntil)
    soundUntil = now + FRAME_MS
  })
  const numbers = () => numbersOf(client.body())
  return {
    client,
    numbers,
    faults() {
      const seen = new Set<number>()
      const repeated: number[] = []
      for (const number of numbers()) {
        if (seen.has(number)) repeated.push(number)
        seen.add(number)
      }
      const [first, last] = [Math.min(...seen), Math.max(...seen)]
      const missing: number[] = []
      for (let number = first; number < last; number++) if (!seen.has(number)) missing.push(number)
      return { repeated, missing }
    },
    longestSilenceMs() {
      const longest = silenceMs
      silenceMs = 0
      return longest
    },
    async hears() {
      await client.bodyHas(client.body().length + FRAME_BYTES)
    },
  }
}
