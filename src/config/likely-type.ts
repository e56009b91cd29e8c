import { basename } from 'node:path'
import { typeByName } from '../../filters/type-by-name.ts'
import type { Config } from './config.ts'
import type { Command } from './kinds/command.ts'
import { lastCommand } from './shell-words.ts'

/** What the arguments of a program say about the media type of its output. */
type TypeOf = (args: readonly string[]) => string | undefined

const shells = new Set(['ash', 'bash', 'dash', 'ksh', 'sh', 'zsh'])
const always = (type: string) => () => type

const programs: ReadonlyMap<string, TypeOf> = new Map<string, TypeOf>([
  ['lame', (args) => (args.includes('--decode') ? undefined : 'audio/mpeg')],
  ['twolame', always('audio/mpeg')],
  ['shineenc', always('audio/mpeg')],
  ['opusenc', always('audio/ogg')],
  ['oggenc', always('audio/ogg')],
  ['flac', (args) => (args.some((arg) => /^(?:-\w*d\w*|--decode)$/.test(arg)) ? undefined : 'audio/flac')],
  ['cat', (args) => typeByName(args.at(-1) ?? '')],
  ['ffmpeg', (args) => behindLast(args, '-f')],
  ['sox', (args) => behindLast(args, '-t')],
])

/** The last of them is that of the output. */
function behindLast(args: readonly string[], flag: string): string | undefined {
  const at = args.lastIndexOf(flag)
  return at < 0 ? undefined : typeByName(args[at + 1] ?? '')
}

/**
 * @returns the media type that the names of files or the arguments of the command speak for; undefined when they leave it open.
 * It is for heads of answers that cannot wait for the first frame.
 */
export function likelyType({ command, play, path }: Pick<Config, 'command' | 'play' | 'path'>): string | undefined {
  if (command !== undefined) return typeOfCommand(command)
  return typeByName(play?.[0] ?? path ?? '')
}

function typeOfCommand(command: Command): string | undefined {
  const words = command.kind === 'shell' ? lastCommand(command.line) : [command.file, ...command.args]
  const [file = '', ...args] = words ?? []
  const [option, line] = args
  if (command.kind === 'words' && shells.has(basename(file)) && option === '-c' && line !== undefined) {
    return typeOfCommand({ kind: 'shell', line })
  }
  return programs.get(basename(file))?.(args)
}
