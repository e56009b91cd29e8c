import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Frame } from '../../filters/frame-filter.ts'
import { runFilter } from '../filters/run-filter.ts'
import { broadcast, type Captures, type Plan } from './broadcast.ts'
import { decodeFile } from './decode.ts'
import type { Decoder } from './decoders.ts'
import { type Figures, noFigures } from './figures.ts'
import { judgePieces, judgeSound, judgeWords, type Played } from './judge.ts'
import { type Heard, Original } from './pieces.ts'
import { KEPT_BYTES } from './slow-listeners.ts'
import type { Stream } from './streams.ts'

const OPUS_HEAD = Buffer.from('OpusHead')
/** Offset in OpusHead of the number of samples to skip at the beginning (RFC 7845 5.1), in bytes. */
const PRE_SKIP_AT = 10

/** Duration of a sample from which the size of frames is estimated, in seconds. */
const SAMPLE_SECONDS = 4
/** Maximum number of listeners that join per second of sound. */
const JOINS_PER_SECOND = 5
const LEAST_SECONDS = 10

/** Plays a stream by a plan, decodes what all listeners received, and compares. */
export async function tryStream(t: Test, stream: Stream, plan: Plan): Promise<Figures> {
  const { format, rate } = stream
  const source = stream.encode(secondsFor(stream, plan))
  const { frames } = runFilter(format.filter, [source])
  const original = new Original(frames, format.sameInAll)
  const positions = soundPositions(frames, rate)
  const played = { stream, positions, frameSamples: usualLength(positions), figures: noFigures(stream.name) }
  const { sameInAll, ringFrames } = format
  const programme = { source, frames: original.frames, sameInAll, ringFrames }
  const captures = await broadcast(t, programme, plan)
  const heard = hear(played, original, captures)
  const folder = t.testdir()
  for (const decoder of format.decoders) await judge(played, decoder, folder, source, heard)
  return played.figures
}

/** Duration of sound that the plan needs, in seconds. */
function secondsFor({ encode, format }: Stream, { joins, skips, slowListeners }: Plan): number {
  const sample = encode(SAMPLE_SECONDS)
  const frameBytes = sample.length / runFilter(format.filter, [sample]).frames.length
  const skipBytes = KEPT_BYTES + (3.7 * format.ringFrames + 10) * frameBytes
  const bytes = (1.15 * Math.ceil(skips / slowListeners) + 0.5) * skipBytes
  return Math.max(LEAST_SECONDS, joins / JOINS_PER_SECOND, (bytes * SAMPLE_SECONDS) / sample.length)
}

/** Frames of each listener, by its name. */
type HeardBy = ReadonlyMap<string, Heard>

/** The listener that is connected all the time. */
const FOLLOWER = 'follower'

function hear(played: Played, original: Original, { follower, joiners, slowListeners }: Captures): HeardBy {
  const { figures } = played
  const heard = new Map([[FOLLOWER, original.locate(follower)]])
  for (const [i, body] of joiners.entries()) heard.set(`joiner-${i}`, original.locate(body))
  for (const [i, body] of slowListeners.entries()) heard.set(`slow-${i}`, original.locate(body))
  for (const [who, what] of heard) {
    judgePieces(played, who, what)
    figures.skips += Math.max(0, what.pieces.length - 1)
  }
  const [first, ...more] = heard.get(FOLLOWER)?.pieces ?? []
  const hasAll = first?.from === 0 && first.to === original.frames.length && more.length === 0
  if (!hasAll) figures.faults.push(`${FOLLOWER}: missed frames`)
  figures.joins = joiners.length + slowListeners.length
  return heard
}

/** Runs a decoder on the bytes of all listeners. */
async function judge(played: Played, decoder: Decoder, folder: string, source: Buffer, heard: HeardBy): Promise<void> {
  const decode = (name: string, bytes: Buffer) => {
    const file = join(folder, name)
    writeFileSync(file, bytes)
    return decodeFile(decoder, file)
  }
  const whole = await decode(FOLLOWER, heard.get(FOLLOWER)?.bytes ?? source)
  const inherent = whole.complaints.length === 0 ? [] : (await decode('source', source)).complaints
  await inParallel([...heard], async ([who, what]) => {
    const decoded = who === FOLLOWER ? whole : await decode(who, what.bytes)
    judgeWords(played, decoder, who, what, decoded, new Set(inherent))
    if (decoder.decodes) judgeSound(played, decoder, who, what, decoded, whole)
  })
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values()
  const worker = async () => {
    for (const item of waiting) await work(item)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
}

/** Beginning of each frame in the decoded whole stream, in samples of each channel; followed by the end of the last frame. */
function soundPositions(frames: readonly Frame[], rate: number): number[] {
  let us = 0
  let skipped = 0
  const positions = [0]
  for (const { bytes, durationUs } of frames) {
    us += durationUs
    const head = bytes.subarray(0, 100).indexOf(OPUS_HEAD)
    if (head >= 0) skipped += bytes.readUInt16LE(head + PRE_SKIP_AT)
    positions.push(Math.max(0, Math.round((us * rate) / 1e6) - skipped))
  }
  return positions
}

/** Median duration of the frames, in samples. */
function usualLength(positions: readonly number[]): number {
  const lengths = positions.slice(1).map((position, i) => position - (positions[i] ?? 0))
  return Math.max(1, lengths.toSorted((a, b) => a - b)[lengths.length >> 1] ?? 1)
}
