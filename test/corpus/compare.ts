import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Decoded, decodeFile } from '../decode/decode.ts'
import type { Decoder } from '../decode/decoders.ts'
import type { Capture } from './captures.ts'
import type { Kind } from './kinds.ts'
import { difference, fitsHoles, type Holes } from './match.ts'
import type { Sample } from './sample.ts'

/** A difference for a listener. */
export interface Finding {
  readonly words: string
  /** Whether bytes that the program drops account for all of it. */
  readonly isExplained: boolean
}

/** Decodes a file with each decoder. @returns the results of those that return samples. */
export async function decodeWithAll(decoders: readonly Decoder[], file: string): Promise<Map<Decoder, Decoded>> {
  const all = await Promise.all(decoders.map(async (decoder) => [decoder, await decodeFile(decoder, file)] as const))
  return new Map(all.filter(([, { samples }]) => samples.length > 0))
}

/** Expected sound of listeners. */
export interface Reference {
  readonly kind: Kind
  readonly sample: Sample
  /** The original, by each decoder. */
  readonly decoded: ReadonlyMap<Decoder, Decoded>
  /** Number of samples in all frames, by each decoder. Set by the first listener, which gets all of them. */
  readonly lengths: Map<Decoder, number>
}

/** Compares the sound of a listener with that of the original, by the same decoders. @param folder for files. */
export async function compare(
  { name, joinedLate, bytes }: Capture,
  reference: Reference,
  folder: string,
): Promise<Finding[]> {
  const { kind, sample, decoded, lengths } = reference
  const file = join(folder, name.replaceAll(/\W+/g, '-'))
  writeFileSync(file, bytes)
  const findings: Finding[] = []
  for (const [decoder, original] of decoded) {
    const { samples, complaints } = await decodeFile(decoder, file)
    if (!lengths.has(decoder)) lengths.set(decoder, samples.length)
    const allowance = { ...kind.allowance, tolerance: Math.max(kind.allowance.tolerance, decoder.tolerance) }
    const add = (words: string, isExplained: boolean) =>
      findings.push({ words: `${name}, ${decoder.program}: ${words}`, isExplained })
    const isRefused = sample.refusal !== undefined && samples.length === 0
    const what = difference(samples, original.samples, joinedLate, allowance)
    if (what !== undefined) {
      const givesUp = original.complaints.some((line) => decoder.saidOfGivingUp?.test(line))
      const allowed = holesIn(sample, lengths.get(decoder) ?? 0, givesUp && sample.holes.length > 0)
      const settles = joinedLate && kind.settlesSlowly === true && endsAsFile(bytes, sample.bytes)
      const reason = givesUp
        ? ' (it gives up in the original)'
        : settles
          ? ' (it settles slowly: the pages are those of the file)'
          : ''
      add(what + reason, isRefused || settles || fitsHoles(samples, original.samples, joinedLate, allowance, allowed))
    }
    const words = complaints.filter((line) => !original.complaints.includes(line))
    if (words.length > 0) add(words.slice(0, 2).join(' / '), isRefused)
  }
  return findings
}

/** Maximum pages before those of the file: two of headers, and two for the packet in which the listener joined. */
const MAX_OWN_PAGES = 4

/** Whether all pages of a listener after the first ones are in the file in one piece. */
export function endsAsFile(received: Buffer, file: Buffer): boolean {
  let at = received.indexOf('OggS')
  for (let page = 0; page <= MAX_OWN_PAGES && at >= 0; page++) {
    if (page >= 2 && file.includes(received.subarray(at))) return true
    at = received.indexOf('OggS', at + 1)
  }
  return false
}

/** @param samples number of samples in all frames. */
function holesIn({ holes, frames, frameBytes }: Sample, samples: number, isLast: boolean): Holes {
  const lost = holes.reduce((sum, { bytes }) => sum + Math.ceil((bytes * frames) / frameBytes), 0)
  return { count: holes.length, samples: Math.ceil((lost * samples) / frames), isLast }
}
