import type { Socket } from 'node:net'
import { probeStream } from '../../src/probe/probe-stream.ts'
import type { ProbeReport } from '../../src/probe/report.ts'
import { type Clock, systemClock } from '../../src/system/clock.ts'
import { mpegFrames } from '../filters/made-up.ts'

/** Time that the streams of these tests are heard, in milliseconds. */
const LISTEN_MS = 400
/** Frames of MP3 for a second. */
const SECOND = Buffer.concat(mpegFrames(40, 1))

/** Settings of a probe. */
interface ProbeSettings {
  readonly listenMs?: number
  readonly insecure?: boolean
  readonly interruption?: AbortSignal
  readonly clock?: Clock
}

/** Probes an address for a short time. */
export function probed(url: string, settings: ProbeSettings = {}): Promise<ProbeReport> {
  const { listenMs = LISTEN_MS, insecure = false, interruption = new AbortController().signal } = settings
  return probeStream({ url, listenMs, insecure }, settings.clock ?? systemClock, interruption)
}

/** Answers with a head and a second of MP3, and stays connected. */
export function sounds(head: string, sound: Buffer = SECOND): (socket: Socket) => void {
  return (socket) => socket.write(Buffer.concat([Buffer.from(head, 'latin1'), sound]))
}
