import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Decoded, decodeFile } from '../decode/decode.ts'
import type { Decoder } from '../decode/decoders.ts'
import { type Capture, capturePiped, capturePlayed } from './captures.ts'
import { compare, decodeWithAll, type Finding } from './compare.ts'
import { type Kind, kindOf } from './kinds.ts'
import { parse, type Sample, takeSample } from './sample.ts'

/** Result for a file, from good to bad. */
type Outcome = 'same' | 'explained' | 'unplayable' | 'differs'

/** Result for a file, with reasons. */
export interface Verdict {
  readonly outcome: Outcome
  /** One line each; empty for `same`. */
  readonly reasons: readonly string[]
}

/** Limits of a check. */
export interface CheckOptions {
  /** Bytes of a file that are played. */
  readonly bytes: number
  /** Timeout for a file, in milliseconds. */
  readonly withinMs: number
}

/** Plays a file to listeners, and compares the decoded sound of each with that of the file, by the same decoders. */
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
  owner: Parameters<typeof capturePiped>[0],
): Promise<Verdict> {
  const sample = takeSample(path, bytes)
  const original = join(folder, basename(path))
  writeFileSync(original, sample.bytes)
  const kind = kindOf(sample)
  if (kind === undefined) return unknown(sample, original)
  const decoded = await decodeOriginal(kind, original)
  if (decoded.size === 0) return { outcome: 'unplayable', reasons: ['no decoder plays the original'] }
  const received = [
    ...(await capturePiped(owner, sample.bytes)),
    ...(sample.seconds > 0 ? await capturePlayed(owner, original, sample.seconds) : []),
  ]
  const judged = received.filter((one) => !isRight(one, kind, sample))
  const findings: Finding[] = []
  const reference = { kind, sample, decoded, lengths: new Map<Decoder, number>() }
  for (const one of judged) findings.push(...(await compare(one, reference, folder)))
  if (findings.length === 0) return { outcome: 'same', reasons: [] }
  const known = [sample.refusal, ...sample.holes.map(({ why }) => why)].filter((why) => why !== undefined)
  const words = (isExplained: boolean) =>
    findings.filter((one) => one.isExplained === isExplained).map((one) => one.words)
  const unexplained = words(false)
  return unexplained.length > 0
    ? { outcome: 'differs', reasons: [...unexplained, ...known] }
    : { outcome: 'explained', reasons: [known.join(', '), ...words(true)] }
}

/** Whether decoding is pointless: a listener joined too late for any sound, or decoders would only add noise. */
function isRight({ joinedLate, bytes }: Capture, { isRandom }: Kind, sample: Sample): boolean {
  if (!joinedLate) return false
  return parse(bytes).seconds === 0 || (isRandom === true && sample.bytes.includes(bytes))
}

/** Result for a file of an unknown format, which the program should name. */
async function unknown({ refusal, contentType }: Sample, original: string): Promise<Verdict> {
  if (refusal !== undefined) return { outcome: 'explained', reasons: [refusal] }
  const { samples } = await decodeFile(anyFormat, original)
  if (samples.length === 0) return { outcome: 'unplayable', reasons: ['no decoder plays the original'] }
  return { outcome: 'differs', reasons: [`ffmpeg plays it; here it is ${contentType}, without a message`] }
}

/** Decodes the original; containers of samples that listeners get as WAV are decoded by ffmpeg. */
async function decodeOriginal({ decoders, isRewritten }: Kind, original: string): Promise<Map<Decoder, Decoded>> {
  if (isRewritten !== true) return decodeWithAll(decoders, original)
  const decoded = await decodeFile(anyFormat, original)
  return new Map(decoders.filter(() => decoded.samples.length > 0).map((decoder) => [decoder, decoded]))
}

const anyFormat: Decoder = {
  program: 'ffmpeg',
  args: ['-v', 'error', '-nostdin', '-i', '@', '-vn', '-f', 's16le', '-'],
  decodes: true,
  swallows: 0,
  swallowsAtSkips: 0,
  tolerance: 0,
}
