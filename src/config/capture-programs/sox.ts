/** sox and rec, when they say all about their output: `-t raw -r 44100 -e signed -b 16 -c 2 -`. */

import type { Recorder } from './capture-program.ts'
import { getopt } from './getopt.ts'
import { soxEffects } from './sox-effects.ts'
import { soxLayout } from './sox-layout.ts'

const rules = {
  short: 'DGmMqRSTV::v:t:e:b:NXLBxc:r:C:nd',
  long: `
    buffer= clobber combine= no-dither dft-min= guard input-buffer= no-clobber magic multi-threaded norm=?
    no-show-progress replay-gain= show-progress single-threaded temp= volume= ignore-length type= encoding=
    bits= reverse-nibbles reverse-bits endian= channels= rate= compression= add-comment= comment= no-glob
    null default-device
  `,
}

/** Options count for the file after them. */
interface SoxFile {
  readonly name: string
  readonly options: ReadonlyMap<string, string>
}

export const soxFormat: Recorder = (args) => {
  const files = soxFiles(args)
  return files && files.length > 1 ? outputLayout(files) : undefined
}

/** rec's input is the sound card, so its first and only file is the output. */
export const recFormat: Recorder = (args) => {
  const files = soxFiles(args)
  return files?.length === 1 ? outputLayout(files) : undefined
}

function outputLayout(files: readonly SoxFile[]): string | undefined {
  const output = files.at(-1)
  return output?.name === '-' ? soxLayout(output.options) : undefined
}

/** @returns the files up to the first effect; undefined when something in between is not understood. */
function soxFiles(args: readonly string[]): readonly SoxFile[] | undefined {
  const files: SoxFile[] = []
  let options = new Map<string, string>()
  for (const argument of getopt(args, rules)) {
    if (argument === undefined) return undefined
    const { name, value } = argument
    if (name !== undefined && !pseudoFiles.has(name)) options.set(name, value)
    else if (name === undefined && soxEffects.has(value)) return changesLayout(args) ? undefined : files
    else {
      files.push({ name: name ?? value, options })
      options = new Map()
    }
  }
  return files
}

// -n and -d stand for a file: silence, and the sound card.
const pseudoFiles = new Set(['n', 'd', 'null', 'default-device'])

/** Whether an effect may have a say in rate or channels, or there is more than one chain of effects. */
function changesLayout(args: readonly string[]): boolean {
  return args.some((word) => /^(rate|channels|remix|(up|down)sample|oops|output.*|newfile|restart|:)$/.test(word))
}
