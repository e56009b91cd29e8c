/** `node write-manifest.js`: writes the package.json of the installed program, which needs only packages that are not bundled. */
import { readFileSync } from 'node:fs'
import { UNBUNDLED } from '../src/bundle/unbundled.ts'

const { name, version, license, type, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly [field: string]: string
} & { readonly dependencies: Readonly<Record<string, string>> }
const needed = Object.fromEntries(UNBUNDLED.map((dependency) => [dependency, dependencies[dependency]]))
console.log(JSON.stringify({ name, version, license, type, dependencies: needed }, undefined, 2))
