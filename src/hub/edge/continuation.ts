import type { HubFrame } from '../../../filters/hub/message.ts'
import { framesOfRun, type Run } from './backlog.ts'
import type { Delivered } from './delivered.ts'
import type { Renumbering } from './piece.ts'
import { findOffset } from './same-frames.ts'

/** Frames of another origin that continue the delivered ones. */
export interface Continuation {
  /** Index of its run. */
  readonly run: number
  readonly renumbering: Renumbering
}

/**
 * Finds the frames of an origin that follow the delivered ones, because it has had the same frames.
 * @param maxWaitMs sound that the origin may be behind them, in milliseconds
 */
export function findContinuation(
  runs: readonly Run[],
  delivered: Delivered,
  maxWaitMs: number,
): Continuation | undefined {
  const heard = delivered.frames()
  for (let run = runs.length - 1; run >= 0; run--) {
    const found = runs[run]
    const renumbering = found && renumberingOf(found, heard, delivered, run === runs.length - 1 ? maxWaitMs : 0)
    if (renumbering !== undefined) return { run, renumbering }
  }
  return undefined
}

function renumberingOf(
  run: Run,
  heard: readonly HubFrame[],
  delivered: Delivered,
  maxWaitMs: number,
): Renumbering | undefined {
  const frames = framesOfRun(run)
  const [first] = run.pieces
  const offset = findOffset(heard, frames)
  if (offset === undefined || first === undefined) return undefined
  // Index of the frame that follows the delivered ones.
  const next = heard.length + offset
  const missing = Math.max(0, next - frames.length)
  const missingUs = soundOf(heard.slice(heard.length - missing))
  if (missing > 0 && missingUs / 1000 > maxWaitMs) return undefined
  const us = first.message.us + soundOf(frames.slice(0, next)) + missingUs
  return {
    epoch: delivered.epoch,
    epochBeganAt: delivered.epochBeganAt,
    seq: delivered.next - (first.message.seq + next),
    us: delivered.us - us,
  }
}

function soundOf(frames: readonly HubFrame[]): number {
  return frames.reduce((sum, { durationUs }) => sum + durationUs, 0)
}
