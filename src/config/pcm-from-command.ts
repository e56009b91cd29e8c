/** The format of the samples that a command writes, read from its arguments. */
import { basename } from 'node:path'
import { type PcmFormat, PcmFormatError, parsePcmFormat } from '../../filters/pcm-format.ts'
import type { Command } from '../plan/command.ts'
import { arecordFormat } from './capture-programs/arecord.ts'
import type { CaptureProgram } from './capture-programs/capture-program.ts'
import { ffmpegFormat } from './capture-programs/ffmpeg.ts'
import { pacatFormat, parecFormat, parecordFormat } from './capture-programs/parec.ts'
import { recFormat, soxFormat } from './capture-programs/sox.ts'
import { lastCommand } from './shell-words.ts'

const capturePrograms: ReadonlyMap<string, CaptureProgram> = new Map([
  ['arecord', arecordFormat],
  ['ffmpeg', ffmpegFormat],
  ['pacat', pacatFormat],
  ['pamon', parecFormat],
  ['parec', parecFormat],
  ['parecord', parecordFormat],
  ['rec', recFormat],
  ['sox', soxFormat],
])

const shells = new Set(['ash', 'bash', 'dash', 'ksh', 'sh', 'zsh'])

/**
 * Returns the layout of the samples on the command's standard output if its arguments determine it, otherwise undefined: after
 * a wrong guess, listeners would hear loud noise.
 */
export function pcmFromCommand(command: Command): PcmFormat | undefined {
  const words = command.kind === 'shell' ? lastCommand(command.line) : [command.file, ...command.args]
  const [file = '', ...args] = words ?? []
  const [option, line] = args
  if (command.kind === 'words' && shells.has(basename(file))) {
    return option === '-c' && line !== undefined ? pcmFromCommand({ kind: 'shell', line }) : undefined
  }
  const format = capturePrograms.get(basename(file))?.(args)
  return format === undefined ? undefined : understood(format)
}

/** Returns undefined for a layout that -pcm does not support. */
function understood(format: string): PcmFormat | undefined {
  try {
    return parsePcmFormat(format)
  } catch (error) {
    if (error instanceof PcmFormatError) return undefined
    throw error
  }
}
