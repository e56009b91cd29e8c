/** CPU time of the level of samples, in this process: that of the same stream without it is subtracted. */

import { setMaxListeners } from 'node:events'
import { getLogger } from '@logtape/logtape'
import { parsePcmFormat } from '../filters/pcm-format.ts'
import { createRaw } from '../filters/raw.ts'
import { parseCommandLine } from '../src/config/command-line.ts'
import { LevelMeters } from '../src/level/level-meters.ts'
import { streamOptions } from '../src/program/stream-options.ts'
import { PushSource } from '../src/source/push.ts'
import { StreamIngest } from '../src/stream/ingest.ts'
import { Stream } from '../src/stream/stream.ts'
import { systemClock } from '../src/system/clock.ts'

export const LEVEL_FORMATS = ['cd', 's24le:96000:2', 'f32le:48000:8', 'mulaw:8000:1'] as const

/** Duration of a chunk, in seconds: as a sound card delivers them. */
const CHUNK_SECONDS = 0.05

/** @param seconds of sound. @returns the part of a core that its level takes in real time */
export function levelCost(format: string, seconds: number): number {
  const chunks = chunksOf(format, seconds)
  // Once to warm up.
  cpuSeconds(format, chunks, true)
  cpuSeconds(format, chunks, false)
  return (cpuSeconds(format, chunks, true) - cpuSeconds(format, chunks, false)) / seconds
}

function chunksOf(format: string, seconds: number): Buffer[] {
  const { rate, blockBytes } = parsePcmFormat(format)
  const bytes = Math.round(rate * CHUNK_SECONDS) * blockBytes
  // Bytes of no pattern are samples of all values, in floating point too.
  return Array.from({ length: seconds / CHUNK_SECONDS }, (_, chunk) =>
    Buffer.from(Array.from({ length: bytes }, (_byte, i) => (i * 2_654_435_761 + chunk * 40_503) >>> 24)),
  )
}

function cpuSeconds(format: string, chunks: readonly Buffer[], isMeasured: boolean): number {
  const line = parseCommandLine(['-pcm', format, '-exec', 'true'])
  const [plan] = line.kind === 'run' ? line.plan.streams : []
  if (plan === undefined) throw new Error('no stream')
  const source = new PushSource('a bench')
  const options = streamOptions(plan, createRaw, source)
  const stream = new Stream(plan, source, options, systemClock, getLogger('bench'))
  const levels = new LevelMeters(systemClock)
  if (isMeasured) levels.read(stream)
  const ingest = new StreamIngest(options, undefined, stream, systemClock, getLogger('bench'))
  const { signal } = new AbortController()
  // Each pause after a chunk listens to it; the bench does not pause.
  setMaxListeners(0, signal)
  ingest.opened(signal)
  const before = process.cpuUsage()
  for (const chunk of chunks) void ingest.chunk(chunk)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
