/** npm packages that the program needs at run time, from package-lock.json: beside it, or within its files. */
import { readFileSync } from 'node:fs'
import { UNBUNDLED } from '../src/bundle/unbundled.ts'

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

/** Those that are shipped as they are, sorted by path. @throws when a package does not state its licence */
export function shippedPackages(): readonly ShippedPackage[] {
  return packagesFor(UNBUNDLED)
}

/** All, sorted by path. @throws when a package does not state its licence */
export function allPackages(): readonly ShippedPackage[] {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object }
  return packagesFor(Object.keys(dependencies))
}

function packagesFor(names: readonly string[]): readonly ShippedPackage[] {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Lock }
  return [...neededBy('', packages, names)].toSorted().map((path) => {
    const { version, license } = lockedAt(path, packages)
    if (license === undefined) throw new Error(`${path} does not say what its licence is`)
    return { path, version, license }
  })
}

/** @returns the paths of dependencies of the package at `path`, and of theirs. @param names of these dependencies */
function neededBy(path: string, lock: Lock, names: readonly string[], found = new Set<string>()): Set<string> {
  for (const name of names) {
    const next = resolve(name, path, lock)
    if (found.has(next)) continue
    found.add(next)
    neededBy(next, lock, Object.keys(lockedAt(next, lock).dependencies ?? {}), found)
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
