import type { FrameFilter } from '../../filters/frame-filter.ts'
import { isRawType } from '../stream/format-guard.ts'
import { countText, timeText } from './figure-text.ts'
import type { Format } from './format.ts'
import type { Heard } from './listen.ts'
import { judgeMediaType } from './media-type.ts'
import type { PlaybackBuffer } from './playback-buffer.ts'
import type { ServerFacts } from './server-facts.ts'

/** Something that a listener notices, or should know. */
export interface Finding {
  /** Stable name, for programs. */
  readonly code: string
  /** In one line. */
  readonly text: string
}

/** Findings of a probe. */
export interface Judgement {
  /** Why there is nothing to hear; undefined: there is. */
  readonly silence: string | undefined
  /** With one of them the stream is faulty. */
  readonly faults: readonly Finding[]
  readonly remarks: readonly Finding[]
}

/** Time for which a player that has just begun may lack sound, in milliseconds: players wait for about as much before they begin. */
const PLAYER_BUFFER_MS = 1_000
/** Sound in a time below which a server is slower than real time, and the least time and lack for which that is certain. */
const SLOW = { speed: 0.9, measuredMs: 2_000, lackMs: 500 }
/** Peak below which the sound is hardly audible, in dBFS. */
const FAINT_DBFS = -60
/** Difference between stated and measured bit rate that is worth a remark: variable rates differ by less. */
const RATE_FACTOR = 2

/** Judges what has been received. */
export function judge(heard: Heard, server: ServerFacts, format: Format, askedMs: number): Judgement {
  const { reception } = heard
  if (!reception.hasSound) return { silence: noFrames(heard), faults: [], remarks: [] }
  if (reception.level.read()?.isSilent === true) {
    const silence = `${format.text}, but digital silence for ${timeText(heard.listenedMs)}`
    return { silence, faults: [], remarks: [] }
  }
  const faults = [
    ...endFault(heard, server, askedMs),
    ...typeFaults(server, heard),
    ...frameFaults(heard),
    ...timeFaults(heard),
  ]
  return { silence: undefined, faults, remarks: remarksOn(heard, server, format) }
}

function noFrames({ reception: { bytes, filter }, end, listenedMs }: Heard): string {
  const ended = end.kind === 'ended' ? ', and the server ended the stream' : ''
  return `${bytes} bytes${ended}: ${whyNoFrames(filter, listenedMs)}`
}

function whyNoFrames({ refusal, complaint, contentType }: FrameFilter, listenedMs: number): string {
  // What follows is advice for a source of streamserve's own.
  const [refused] = refusal?.split(';', 1) ?? []
  if (refused !== undefined) return refused
  if (complaint !== undefined) return complaint
  if (isRawType(contentType)) return 'no frames of a known format (MP3, AAC, Ogg, FLAC, WAV); check the address'
  return `no whole frame of ${contentType} within ${timeText(listenedMs)}; -for 30s listens for longer`
}

function endFault({ end, listenedMs, reception }: Heard, { contentLength }: ServerFacts, askedMs: number): Finding[] {
  if (end.kind !== 'ended') return []
  const reason = end.reason === undefined ? '' : ` (${end.reason})`
  const soundMs = reception.buffer?.soundMs ?? 0
  const file = contentLength === undefined ? '' : `; it is a file with ${timeText(soundMs)} of sound`
  const text = `ended by the server after ${timeText(listenedMs)} of ${timeText(askedMs)}${reason}${file}`
  return [{ code: 'ended', text }]
}

function typeFaults({ contentType = '' }: ServerFacts, { reception: { filter, otherFormat } }: Heard): Finding[] {
  const found = filter.contentType ?? ''
  const faults: Finding[] = []
  if (judgeMediaType(contentType, found) === 'wrong') {
    faults.push({ code: 'contentType', text: `the server says ${contentType}, but sends ${found}` })
  }
  if (otherFormat !== undefined) faults.push({ code: 'formatChanged', text: `the format changes, to ${otherFormat}` })
  return faults
}

function frameFaults({ reception }: Heard): Finding[] {
  const { brokenPlaces, brokenBytes } = reception
  const { gaps } = reception.continuity
  const faults: Finding[] = []
  if (brokenPlaces > 0) {
    faults.push({
      code: 'brokenFrames',
      text: `broken frames at ${countText(brokenPlaces, 'place')} (${brokenBytes} bytes)`,
    })
  }
  if (gaps > 0) faults.push({ code: 'missingFrames', text: `frames are missing at ${countText(gaps, 'place')}` })
  return faults
}

function timeFaults({ reception: { buffer } }: Heard): Finding[] {
  if (buffer === undefined) return []
  const faults: Finding[] = []
  const { lackMs } = buffer
  if (lackMs > PLAYER_BUFFER_MS) {
    const text = `a player stops for lack of sound, unless it begins ${timeText(lackMs)} later`
    faults.push({ code: 'ranDry', text })
  }
  if (isSlow(buffer)) {
    const speed = buffer.measuredSoundMs / buffer.measuredMs
    faults.push({ code: 'slow', text: `slower than real time: ${speed.toFixed(2)} s of sound a second` })
  }
  return faults
}

function isSlow({ measuredMs, measuredSoundMs, largestMs }: PlaybackBuffer): boolean {
  // Sound that arrives in large pieces may be missing just now.
  const isCertain = measuredMs >= SLOW.measuredMs && measuredMs - measuredSoundMs > SLOW.lackMs + largestMs
  return isCertain && measuredSoundMs < measuredMs * SLOW.speed
}

function remarksOn({ reception, end }: Heard, server: ServerFacts, { bitRateKbps }: Format): Finding[] {
  const { bytesBeforeFrames, continuity, filter } = reception
  const remarks: Finding[] = []
  const remark = (code: string, text: string) => remarks.push({ code, text })
  if (judgeMediaType(server.contentType, filter.contentType ?? '') === 'missing') {
    remark('contentTypeMissing', 'the server does not state the media type; players have to guess it')
  }
  if (bytesBeforeFrames > 0) {
    remark('startsWithinFrame', `begins within a frame: ${bytesBeforeFrames} bytes that no decoder can use`)
  }
  if (continuity.undecodableFrames > 0) {
    const frames = countText(continuity.undecodableFrames, 'frame')
    remark('startsWithoutMainData', `the first ${frames} cannot be decoded, because sound of earlier ones is missing`)
  }
  const { icyBitRateKbps } = server
  if (icyBitRateKbps !== undefined && bitRateKbps !== undefined && areFarApart(icyBitRateKbps, bitRateKbps)) {
    remark('icyBitRate', `icy-br says ${icyBitRateKbps} kbit/s`)
  }
  const peak = reception.level.read()?.peak
  if (peak !== undefined && peak < FAINT_DBFS) remark('faint', `hardly audible: peak ${peak.toFixed(1)} dBFS`)
  if (end.kind === 'enough')
    remark('fast', 'faster than real time: a file, or a very large burst; not received any further')
  if (end.kind === 'interrupted') remark('interrupted', 'interrupted by the user')
  return remarks
}

function areFarApart(one: number, other: number): boolean {
  return one > 0 && other > 0 && Math.max(one / other, other / one) > RATE_FACTOR
}
