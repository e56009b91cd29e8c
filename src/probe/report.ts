import { timeText } from './figure-text.ts'
import type { NotFound } from './find-stream.ts'
import { type Format, formatOf } from './format.ts'
import { type Finding, type Judgement, judge } from './judge.ts'
import type { Heard } from './listen.ts'
import { type ReceivedReport, receivedReport } from './received-report.ts'
import type { TitleNews } from './reception.ts'
import type { RequestTimes } from './request-times.ts'
import type { ServerFacts } from './server-facts.ts'

/**
 * Result of a probe, as it is printed in JSON. Names are stable, and are only added. Undefined, in JSON null: not known, or there is
 * none.
 */
export interface ProbeReport {
  readonly verdict: 'good' | 'faulty' | 'nothing to hear'
  readonly exitCode: 0 | 1 | 2
  /** Verdict and reason, in one line. */
  readonly summary: string
  /** The given address, without its password. */
  readonly url: string
  readonly faults: readonly Finding[]
  readonly remarks: readonly Finding[]
  /** Number of redirects and playlists that were followed. */
  readonly redirects: number
  readonly server: ServerFacts | undefined
  readonly times: TimesReport
  readonly received: ReceivedReport | undefined
  readonly format: Format | undefined
  /** Only of samples. */
  readonly level: { readonly peakDbfs: number; readonly rmsDbfs: number } | undefined
  readonly titles: readonly TitleNews[]
}

/** Times in milliseconds; those of steps are of the last request. */
interface TimesReport {
  readonly nameMs: number | undefined
  readonly connectMs: number | undefined
  readonly tlsMs: number | undefined
  readonly answerMs: number | undefined
  /** From the beginning of the probe, with all redirects. */
  readonly firstByteMs: number | undefined
  readonly firstFrameMs: number | undefined
}

/** Returns the report of an address where no sound was found. */
export function reportNotFound(url: string, { reason, status }: NotFound, times: RequestTimes): ProbeReport {
  return {
    verdict: 'nothing to hear',
    exitCode: 2,
    summary: `nothing to hear: ${reason}`,
    url,
    faults: [],
    remarks: [],
    redirects: Math.max(0, times.addresses.length - 1),
    server: status === undefined ? undefined : { ...NO_FACTS, address: times.addresses.at(-1) ?? url, status },
    times: { ...times.steps(), firstByteMs: times.firstByteMs, firstFrameMs: undefined },
    received: undefined,
    format: undefined,
    level: undefined,
    titles: [],
  }
}

const NO_FACTS = {
  server: undefined,
  contentType: undefined,
  contentLength: undefined,
  name: undefined,
  description: undefined,
  genre: undefined,
  icyBitRateKbps: undefined,
}

/** Returns the report of what has been received. @param askedMs time to listen, in milliseconds */
export function reportOf(
  url: string,
  server: ServerFacts,
  times: RequestTimes,
  heard: Heard,
  askedMs: number,
): ProbeReport {
  const { reception } = heard
  const format = formatOf(reception)
  const judgement = judge(heard, server, format, askedMs)
  const level = reception.level.read()
  return {
    ...verdictOf(judgement, format, reception.firstFrameMs),
    url,
    faults: judgement.faults,
    remarks: judgement.remarks,
    redirects: Math.max(0, times.addresses.length - 1),
    server,
    times: { ...times.steps(), firstByteMs: times.firstByteMs, firstFrameMs: reception.firstFrameMs },
    received: receivedReport(heard),
    format: reception.hasSound ? format : undefined,
    level: level && { peakDbfs: level.peak, rmsDbfs: level.rms },
    titles: reception.titles,
  }
}

function verdictOf({ silence, faults }: Judgement, { text }: Format, firstFrameMs = 0) {
  if (silence !== undefined) {
    return { verdict: 'nothing to hear', exitCode: 2, summary: `nothing to hear: ${silence}` } as const
  }
  if (faults.length > 0) {
    const reasons = faults.map((fault) => fault.text).join('; ')
    return { verdict: 'faulty', exitCode: 1, summary: `faulty: ${reasons} (${text})` } as const
  }
  return {
    verdict: 'good',
    exitCode: 0,
    summary: `good: ${text}; first frame after ${timeText(firstFrameMs)}`,
  } as const
}
