import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Decoded, decodeFile } from '../decode/decode.ts'
import type { Decoder } from '../decode/decoders.ts'
import { type Heard, hearPiped, hearPlayed } from './hear.ts'
import { type Kind, kindOf } from './kinds.ts'
import { difference } from './match.ts'
import { type Sample, takeSample, understand } from './sample.ts'

/** How a file came out, from good to bad. */
type Outcome = 'same' | 'explained' | 'unplayable' | 'differs'

/** What is known of a file. */
export interface Verdict {
  readonly outcome: Outcome
  /** Why, line by line; empty for `same`. */
  readonly reasons: readonly string[]
}

/** How files are checked. */
export interface CheckOptions {
  /** Bytes of a file that are played. */
  readonly bytes: number
  /** A file must be done in this time, in milliseconds. */
  readonly withinMs: number
}

/** Plays a file to listeners, decodes what they got and compares it with what the same decoders make of the file. */
export async function checkFile(path: string, { bytes, withinMs }: CheckOptions): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-corpus-'))
  const closes: (() => unknown)[] = []
  const owner = { teardown: (close: () => unknown) => void closes.push(close) }
  const late = new AbortController()
  const tooLate = setTimeout(withinMs, undefined, { signal: late.signal }).then(() => {
    throw new Error(`not done after ${withinMs / 1000} s`)
  })
  try {
    return await Promise.race([judge(path, bytes, folder, owner), tooLate])
  } catch (error) {
    return { outcome: 'differs', reasons: [String(error)] }
  } finally {
    late.abort()
    for (const close of closes) await close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function judge(
  path: string,
  bytes: number,
  folder: string,
  owner: Parameters<typeof hearPiped>[0],
): Promise<Verdict> {
  const sample = takeSample(path, bytes)
  const original = join(folder, basename(path))
  writeFileSync(original, sample.bytes)
  const kind = kindOf(sample)
  if (kind === undefined) return unknown(sample, original)
  const decoded = await decodeWithAll(kind.decoders, original)
  if (decoded.size === 0) return { outcome: 'unplayable', reasons: ['no decoder plays the original'] }
  const heard = [
    ...(await hearPiped(owner, sample.bytes)),
    ...(sample.seconds > 0 ? await hearPlayed(owner, original, sample.seconds) : []),
  ]
  const reasons: string[] = []
  for (const one of heard) {
    if (!isRight(one, kind, sample)) reasons.push(...(await compare(one, kind, decoded, folder)))
  }
  if (reasons.length === 0) return { outcome: 'same', reasons }
  return sample.remark === undefined
    ? { outcome: 'differs', reasons }
    : { outcome: 'explained', reasons: [sample.remark, ...reasons] }
}

/** Whether there is nothing to decode: no sound was left for a listener that joined late, or decoders would only add noise. */
function isRight({ joinedLate, bytes }: Heard, { isRandom }: Kind, sample: Sample): boolean {
  if (!joinedLate) return false
  return understand(bytes).seconds === 0 || (isRandom === true && sample.bytes.includes(bytes))
}

/** A file whose format the program does not know should be named by it. */
async function unknown({ remark, contentType }: Sample, original: string): Promise<Verdict> {
  if (remark !== undefined) return { outcome: 'explained', reasons: [remark] }
  const { samples } = await decodeFile(anyFormat, original)
  if (samples.length === 0) return { outcome: 'unplayable', reasons: ['no decoder plays the original'] }
  return { outcome: 'differs', reasons: [`ffmpeg plays it; here it is ${contentType}, without a word`] }
}

const anyFormat: Decoder = {
  program: 'ffmpeg',
  args: ['-v', 'error', '-nostdin', '-i', '@', '-vn', '-f', 's16le', '-'],
  decodes: true,
  swallows: 0,
  swallowsAtSkips: 0,
  tolerance: 0,
}

/** @returns what each decoder makes of a file, of those that make anything of it. */
async function decodeWithAll(decoders: readonly Decoder[], file: string): Promise<Map<Decoder, Decoded>> {
  const all = await Promise.all(decoders.map(async (decoder) => [decoder, await decodeFile(decoder, file)] as const))
  return new Map(all.filter(([, { samples }]) => samples.length > 0))
}

async function compare(
  { name, joinedLate, bytes }: Heard,
  { allowance }: Kind,
  originals: ReadonlyMap<Decoder, Decoded>,
  folder: string,
): Promise<string[]> {
  const file = join(folder, name.replaceAll(/\W+/g, '-'))
  writeFileSync(file, bytes)
  const reasons: string[] = []
  for (const [decoder, original] of originals) {
    const { samples, complaints } = await decodeFile(decoder, file)
    const tolerance = Math.max(allowance.tolerance, decoder.tolerance)
    const what = difference(samples, original.samples, joinedLate, { ...allowance, tolerance })
    if (what !== undefined) reasons.push(`${name}, ${decoder.program}: ${what}`)
    const words = complaints.filter((line) => !original.complaints.includes(line))
    if (words.length > 0) reasons.push(`${name}, ${decoder.program}: ${words.slice(0, 2).join(' / ')}`)
  }
  return reasons
}
