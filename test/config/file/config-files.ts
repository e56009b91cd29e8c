import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { parseCommandLine } from '../../../src/config/command-line.ts'
import type { Config } from '../../../src/config/config.ts'
import { UsageError } from '../../../src/config/usage-error.ts'

/**
 * Creates configuration files of one test, in a folder that is removed with it. @returns a function that returns the path of
 * each
 */
export function configFiles(t: Test): (content: string | Uint8Array) => string {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  let made = 0
  return (content) => {
    const path = join(folder, `${++made}.conf`)
    writeFileSync(path, content)
    return path
  }
}

export function configOf(...argv: string[]): Config {
  const request = parseCommandLine(argv)
  if (request.kind !== 'run') throw new Error(`asks for ${request.kind}`)
  return request.configuration.config
}

export function refusal(...argv: string[]): UsageError {
  try {
    parseCommandLine(argv)
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
  throw new Error(`not refused: ${argv.join(' ')}`)
}
