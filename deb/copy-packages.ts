/**
 * `node copy-packages.js FOLDER`: copies what Node needs of the shipped packages into FOLDER/node_modules.
 *
 * A package that is shipped in two versions is copied twice: once for all, and once within the package that needs the other
 * version. Debian objects to a folder within one of the same name, so the latter goes to FOLDER/within, with a link to it.
 */
import { copyFileSync, type Dirent, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { shippedPackages } from './shipped-packages.ts'

/** Extensions of files that Node loads; types, maps, sources of other languages and documentation are not copied. */
const loaded: ReadonlySet<string> = new Set(['.js', '.cjs', '.mjs', '.json'])
/** Folders from which the package itself loads nothing; packages in `node_modules` are listed on their own. */
const leftOut: ReadonlySet<string> = new Set(['node_modules', 'test', 'fixtures', 'examples'])

function copyFolder(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (isKept(entry)) copyFolder(source, target)
    else if (isLoaded(entry)) copyFile(source, target)
  }
}

/** Hidden folders are for the tools of the package's authors. */
function isKept(entry: Dirent): boolean {
  return entry.isDirectory() && !entry.name.startsWith('.') && !leftOut.has(entry.name)
}

function isLoaded(entry: Dirent): boolean {
  return entry.isFile() && !entry.name.startsWith('.') && loaded.has(extname(entry.name))
}

function copyFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, to)
}

/** @returns the path of a package in FOLDER; creates the link to it, if needed. */
function placeFor(path: string, folder: string): string {
  const [, owner, name] = /^node_modules\/(.+)\/node_modules\/(.+)$/.exec(path) ?? []
  if (owner === undefined || name === undefined) return join(folder, path)
  const within = join(folder, 'within', owner)
  const link = join(folder, 'node_modules', owner, 'node_modules')
  mkdirSync(dirname(link), { recursive: true })
  if (!existsSync(within)) symlinkSync(relative(dirname(link), within), link)
  return join(within, name)
}

const [, , folder] = process.argv
if (folder === undefined) throw new Error('say which folder they go to')
for (const { path } of shippedPackages()) copyFolder(path, placeFor(path, folder))
