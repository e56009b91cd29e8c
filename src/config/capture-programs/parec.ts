/** Arguments of parec, parecord and pacat of PulseAudio and PipeWire: one program under several names. */

import type { CaptureProgram } from './capture-program.ts'
import { getopt } from './getopt.ts'

const rules = {
  short: 'rpvd:s:n:',
  long: `
    record playback verbose device= server= client-name= stream-name= monitor-stream= volume= rate= format=
    channels= channel-map= no-remix no-remap latency= latency-msec= process-time= process-time-msec=
    property= raw
  `,
}

const encodings: ReadonlyMap<string, string> = new Map([
  ['u8', 'u8'],
  ['s16le', 's16le'],
  ['s24le', 's24le'],
  ['s32le', 's32le'],
  ['float32le', 'f32le'],
  ['ulaw', 'mulaw'],
  ['alaw', 'alaw'],
])

interface Mode {
  readonly records: boolean
  readonly raw: boolean
}

export const parecFormat: CaptureProgram = (args) => format(args, { records: true, raw: true })
export const pacatFormat: CaptureProgram = (args) => format(args, { records: false, raw: true })
/** The default output of parecord is a WAV file. */
export const parecordFormat: CaptureProgram = (args) => format(args, { records: true, raw: false })

function format(args: readonly string[], start: Mode): string | undefined {
  const options = new Map<string, string>()
  let mode = start
  for (const argument of getopt(args, rules)) {
    if (argument?.name === undefined) return undefined
    mode = changed(mode, argument.name)
    options.set(argument.name, argument.value)
  }
  return mode.records && mode.raw ? layout(options) : undefined
}

function changed(mode: Mode, name: string): Mode {
  if (name === 'r' || name === 'record') return { ...mode, records: true }
  if (name === 'p' || name === 'playback') return { ...mode, records: false }
  return name === 'raw' ? { ...mode, raw: true } : mode
}

function layout(options: ReadonlyMap<string, string>): string | undefined {
  const encoding = encodings.get(options.get('format')?.toLowerCase() ?? 's16le')
  // Without a number of channels, the channel map determines it.
  if (encoding === undefined || (options.has('channel-map') && !options.has('channels'))) return undefined
  return `${encoding}:${options.get('rate') ?? 44100}:${options.get('channels') ?? 2}`
}
