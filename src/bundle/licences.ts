import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'

const RULE = '-'.repeat(80)

/** Returns the licences of all packages that are in bundled files: names, versions, and the texts that are to accompany each copy. */
export function licencesOf(built: readonly Metafile[], project: string): string {
  const folders = new Set(built.flatMap(({ outputs }) => Object.values(outputs).flatMap(packagesIn)))
  return `The files in this folder contain these packages.\n${[...folders]
    .toSorted()
    .map((folder) => licenceOf(join(project, folder)))
    .join('')}`
}

/** Returns the folder of each package of which some bytes are in the file. */
function packagesIn({ inputs }: Metafile['outputs'][string]): string[] {
  const used = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  return used.flatMap(([path]) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [])
}

/** @throws when a package has no text of its licence, and does not say who wrote it */
function licenceOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string
    readonly version: string
    readonly license: string
    readonly author?: string | { readonly name: string }
  }
  const { name, version, license, author } = manifest
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const holder = typeof author === 'object' ? author.name : author
  if (file === undefined && holder === undefined) throw new Error(`${folder} does not say whose it is`)
  const text = file === undefined ? `Copyright (c) ${holder}` : readFileSync(join(folder, file), 'utf8').trim()
  return `\n${RULE}\n${name} ${version} (${license})\n\n${text}\n`
}
