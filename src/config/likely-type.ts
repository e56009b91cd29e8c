import { basename } from 'node:path'
import { typeByName } from '../../filters/type-by-name.ts'
import type { Command } from '../plan/command.ts'
import type { Config } from './config.ts'
import { lastCommand } from './shell-words.ts'

/** Media types of the output of programs, by their arguments. */
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

/** Returns the value of the last such option, which is that of the output. */
function behindLast(args: readonly string[], flag: string): string | undefined {
  const at = args.lastIndexOf(flag)
  return at < 0 ? undefined : typeByName(args[at + 1] ?? '')
}

/**
 * Returns the media type suggested by file names or arguments of the command, for responses that cannot wait for the first
 * frame; undefined if they suggest none.
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
