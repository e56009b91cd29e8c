import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** Every npm package in a folder and in its subfolders, by its folder. */
export function packagesIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const below = entries.filter((entry) => entry.isDirectory()).flatMap(({ name }) => packagesIn(join(folder, name)))
  return isPackage(folder) ? [folder, ...below] : below
}

/** A package.json may also only state the type of modules beside it. */
function isPackage(folder: string): boolean {
  return existsSync(join(folder, 'package.json')) && manifestOf(folder).version !== undefined
}

/** Dependencies of the package in a folder. */
export function dependenciesOf(folder: string): string[] {
  return Object.keys(manifestOf(folder).dependencies ?? {})
}

/** Folder in which Node finds a package, or the last one that it would search. */
export function placeOf(name: string, asker: string): string {
  const places = createRequire(join(asker, 'package.json')).resolve.paths(name) ?? []
  return join(places.find((place) => existsSync(join(place, name))) ?? '/', name)
}

interface Manifest {
  readonly version?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}
