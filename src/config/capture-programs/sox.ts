/** Arguments of sox and rec, if they fully describe the output: `-t raw -r 44100 -e signed -b 16 -c 2 -`. */

import type { CaptureProgram } from './capture-program.ts'
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

/** Options apply to the file after them. */
interface SoxFile {
  readonly name: string
  readonly options: ReadonlyMap<string, string>
}

export const soxFormat: CaptureProgram = (args) => {
  const files = soxFiles(args)
  return files && files.length > 1 ? outputLayout(files) : undefined
}

/** The input of rec is the sound card, so its only file is the output. */
export const recFormat: CaptureProgram = (args) => {
  const files = soxFiles(args)
  return files?.length === 1 ? outputLayout(files) : undefined
}

function outputLayout(files: readonly SoxFile[]): string | undefined {
  const output = files.at(-1)
  return output?.name === '-' ? soxLayout(output.options) : undefined
}

/** Returns the files before the first effect; undefined if an argument is not understood. */
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

// -n and -d take the place of a file: silence, and the sound card.
const pseudoFiles = new Set(['n', 'd', 'null', 'default-device'])

/** Whether an effect may change rate or channels, or there is more than one chain of effects. */
function changesLayout(args: readonly string[]): boolean {
  return args.some((word) => /^(rate|channels|remix|(up|down)sample|oops|output.*|newfile|restart|:)$/.test(word))
}
