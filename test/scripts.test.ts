import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { needs } from './programs.ts'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDERS = ['.ci', 'deb', 'test']

/** Including those without an extension: scripts that dpkg runs, and the program's own command. */
function shellScripts(folder: string): string[] {
  return readdirSync(join(PROJECT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : shellScripts(path)
    const mayBe = entry.isFile() && ['', '.sh'].includes(extname(entry.name))
    return mayBe && /^#(!\/bin\/(ba)?sh| shellcheck shell=)/.test(readFileSync(join(PROJECT, path), 'utf8'))
      ? [path]
      : []
  })
}

t.test('shellcheck finds nothing in any script', { skip: needs('shellcheck') }, async (t) => {
  const scripts = FOLDERS.flatMap(shellScripts)
  t.ok(['deb/control/postrm', 'deb/files/streamserve', 'test/deb/full.sh'].every((name) => scripts.includes(name)))
  const { stdout, stderr } = spawnSync('shellcheck', ['--external-sources', ...scripts], {
    cwd: PROJECT,
    encoding: 'utf8',
  })
  t.strictSame([stdout, stderr], ['', ''])
})
