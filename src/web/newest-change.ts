import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** @returns when anything below the folder was changed, added or removed last, in milliseconds since 1970 */
export function newestChange(folder: string): number {
  const entries: Dirent[] = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name))
  return Math.max(...[folder, ...paths].map((path) => statSync(path).mtimeMs))
}
