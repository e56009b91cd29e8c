import type { Heard } from './listen.ts'

/** Bytes, frames and their times, as they are reported. */
export interface ReceivedReport {
  readonly listenedMs: number
  readonly bytes: number
  readonly frames: number
  /** Undefined: frames have no known duration. */
  readonly soundMs: number | undefined
  /** Lead over real time that the first second has brought. */
  readonly burstMs: number | undefined
  /** Least sound that a player which began with the first frame had left after the burst; below zero, it has stopped. */
  readonly lowestLeadMs: number | undefined
  /** Time by which a player has to begin later to play without a stop. */
  readonly lackMs: number | undefined
  /** Sound in a second of time, after the burst. */
  readonly soundPerSecond: number | undefined
  /** Between two writes. */
  readonly delayMedianMs: number | undefined
  readonly delayMaxMs: number
  /** A decoder can use the first byte and the first frame. */
  readonly startsAtOnce: boolean
  readonly bytesBeforeFirstFrame: number
  readonly undecodableFrames: number
  readonly brokenPlaces: number
  readonly brokenBytes: number
  readonly missingFramesPlaces: number
  readonly endedByServer: boolean
}

/** Returns what has been received, for a report. */
export function receivedReport({ reception, listenedMs, end }: Heard): ReceivedReport {
  const { buffer, continuity, delays } = reception
  const timed = buffer !== undefined && buffer.soundMs > 0 ? buffer : undefined
  return {
    listenedMs,
    bytes: reception.bytes,
    frames: reception.frames,
    soundMs: timed?.soundMs,
    burstMs: timed?.burstMs,
    lowestLeadMs: timed && Number.isFinite(timed.lowestMs) ? timed.lowestMs : undefined,
    lackMs: timed?.lackMs,
    soundPerSecond: timed && timed.measuredMs > 0 ? timed.measuredSoundMs / timed.measuredMs : undefined,
    delayMedianMs: delays.median(),
    delayMaxMs: delays.longestMs,
    startsAtOnce: reception.hasSound && reception.bytesBeforeFrames === 0 && continuity.undecodableFrames === 0,
    bytesBeforeFirstFrame: reception.bytesBeforeFrames,
    undecodableFrames: continuity.undecodableFrames,
    brokenPlaces: reception.brokenPlaces,
    brokenBytes: reception.brokenBytes,
    missingFramesPlaces: continuity.gaps,
    endedByServer: end.kind === 'ended',
  }
}
