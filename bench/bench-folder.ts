/** Folder for files of the bench, removed when it ends. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let parent: string | undefined

/** Creates a folder that is removed when the bench ends. */
export function benchFolder(name: string): string {
  parent ??= makeParent()
  return mkdtempSync(join(parent, `${name}-`))
}

function makeParent(): string {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
