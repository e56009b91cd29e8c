/** npm packages that the program needs at run time, from package-lock.json. */
import { readFileSync } from 'node:fs'

export interface ShippedPackage {
  /** Path from the root of the project: `node_modules/which/node_modules/isexe`. */
  readonly path: string
  readonly version: string
  /** SPDX identifier. */
  readonly license: string
}

/** Fields of a package in the lock file that are used here. */
interface Locked {
  readonly version: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

type Lock = Readonly<Record<string, Locked>>

/** Sorted by path. @throws when a package does not state its licence */
export function shippedPackages(): readonly ShippedPackage[] {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Lock }
  return [...neededBy('', packages)].toSorted().map((path) => {
    const { version, license } = lockedAt(path, packages)
    if (license === undefined) throw new Error(`${path} does not say what its licence is`)
    return { path, version, license }
  })
}

/** @returns the paths of all dependencies of the package at `path`, direct and indirect. */
function neededBy(path: string, lock: Lock, found = new Set<string>()): Set<string> {
  for (const name of Object.keys(lockedAt(path, lock).dependencies ?? {})) {
    const next = resolve(name, path, lock)
    if (found.has(next)) continue
    found.add(next)
    neededBy(next, lock, found)
  }
  return found
}

/** Resolves a package as Node does: in the nearest `node_modules`, from the dependent package upwards. */
function resolve(name: string, from: string, lock: Lock): string {
  const path = `${from === '' ? '' : `${from}/`}node_modules/${name}`
  if (path in lock) return path
  if (from === '') throw new Error(`${name} is not in package-lock.json`)
  return resolve(name, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), lock)
}

function lockedAt(path: string, lock: Lock): Locked {
  const locked = lock[path]
  if (locked === undefined) throw new Error(`${path} is not in package-lock.json`)
  return locked
}
