import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * For tap's `skip` option: tests whose programs are not installed are skipped, with their names.
 * @returns false when all are installed, else the reason to skip.
 */
export function needs(...programs: readonly string[]): false | string {
  const missing = programs.filter((program) => !isInstalled(program))
  return missing.length > 0 && `needs ${missing.join(', ')}`
}

/**
 * Runs a program until it exits.
 * @returns its standard output.
 * @throws when it cannot be started or fails.
 */
export function runProgram(program: string, args: readonly string[], input: Buffer = Buffer.alloc(0)): Buffer {
  const { status, error, stdout, stderr } = spawnSync(program, args, { input, maxBuffer: 256 * 1024 * 1024 })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} exits with ${status}: ${stderr.toString()}`)
  return stdout
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
