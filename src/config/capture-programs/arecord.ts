/** Arguments of arecord (alsa-utils). */

import type { CaptureProgram } from './capture-program.ts'
import { getopt } from './getopt.ts'

const rules = {
  short: 'D:qt:c:f:r:d:s:MNF:A:R:T:B:vV:m:',
  long: `
    device= quiet file-type= channels= format= rate= duration= samples= mmap nonblock period-time=
    period-size= buffer-time= buffer-size= avail-min= start-delay= stop-delay= verbose vumeter= chmap=
    disable-resample disable-channels disable-format disable-softvol test-coef= test-nowait process-id-file=
    fatal-errors
  `,
}

// Without big-endian formats, which -pcm does not accept, and S24_LE, whose samples have a fourth, undefined byte.
const encodings: ReadonlyMap<string, string> = new Map([
  ['u8', 'u8'],
  ['s16_le', 's16le'],
  ['s24_3le', 's24le'],
  ['s32_le', 's32le'],
  ['float_le', 'f32le'],
  ['float64_le', 'f64le'],
  ['mu_law', 'mulaw'],
  ['a_law', 'alaw'],
])

// A shortcut sets all three; later options override it.
const shortcuts: ReadonlyMap<string, Layout> = new Map([
  ['cd', { encoding: 's16le', rate: 44100, channels: 2 }],
  ['cdr', { encoding: undefined, rate: 44100, channels: 2 }],
  ['dat', { encoding: 's16le', rate: 48000, channels: 2 }],
])

interface Layout {
  readonly encoding: string | undefined
  readonly rate: number
  readonly channels: number
}

/** The default output is a WAV file; only `-t raw` to standard output has a layout. */
export const arecordFormat: CaptureProgram = (args) => {
  let layout: Layout = { encoding: 'u8', rate: 8000, channels: 1 }
  let fileType = 'wav'
  for (const argument of getopt(args, rules)) {
    if (argument === undefined || (argument.name === undefined && argument.value !== '-')) return undefined
    const { name, value } = argument
    if (name === 't' || name === 'file-type') fileType = value.toLowerCase()
    else layout = changed(layout, name, value)
  }
  const { encoding, rate, channels } = layout
  return fileType === 'raw' && encoding !== undefined ? `${encoding}:${rate}:${channels}` : undefined
}

function changed(layout: Layout, name: string | undefined, value: string): Layout {
  if (name === 'f' || name === 'format') {
    const format = value.toLowerCase()
    return shortcuts.get(format) ?? { ...layout, encoding: encodings.get(format) }
  }
  if (name === 'r' || name === 'rate') return { ...layout, rate: hertz(value) }
  if (name === 'c' || name === 'channels') return { ...layout, channels: number(value) }
  return layout
}

/** arecord reads rates below 300 as kilohertz. */
function hertz(text: string): number {
  const rate = number(text)
  return rate < 300 ? rate * 1000 : rate
}

function number(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN
}
