import { readFileSync } from 'node:fs'
import { BUILT_FILES } from './built-files.ts'

/** The version of the package. */
export function readVersion(): string {
  const file = new URL('../package.json', BUILT_FILES)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
