import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** All files in a folder and below it, by name; a file is itself. Empty ones, and those whose names begin with a dot, are left out. */
export function findFiles(path: string): string[] {
  const found = statSync(path)
  if (found.isFile()) return found.size > 0 ? [path] : []
  if (!found.isDirectory()) return []
  const names = readdirSync(path).filter((name) => !name.startsWith('.'))
  return names.toSorted().flatMap((name) => findFiles(join(path, name)))
}
