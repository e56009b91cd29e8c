/** Copyright holders and licence of a package, in the form of a copyright file. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ShippedPackage } from './shipped-packages.ts'

export interface Licence {
  /** One line per holder. */
  readonly holders: readonly string[]
  /** Debian's name of the licence. */
  readonly name: string
  readonly text: string
}

/** Licences whose texts Debian ships itself: Debian's name and file. */
const common: Readonly<Record<string, { name: string; file: string }>> = {
  'Apache-2.0': { name: 'Apache-2.0', file: 'Apache-2.0' },
  'LGPL-3.0-or-later': { name: 'LGPL-3+', file: 'LGPL-3' },
}

/** Licence names that differ between SPDX and Debian. */
const names: Readonly<Record<string, string>> = { MIT: 'Expat', 'BSD-3-Clause': 'BSD-3-clause' }

const TEXT_OF_MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to
whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`

/** @throws when the package has no licence text and its licence requires the author's text to be shipped */
export function licenceOf({ path, license }: ShippedPackage): Licence {
  const shared = common[license]
  if (shared !== undefined) {
    return { holders: [authorOf(path)], name: shared.name, text: pointerTo(shared.file) }
  }
  const own = textIn(path)
  if (own === undefined && license !== 'MIT') throw new Error(`${path} has no text of its licence, ${license}`)
  const name = names[license] ?? license
  if (own === undefined) return { holders: [authorOf(path)], name, text: TEXT_OF_MIT }
  const holders = own.split('\n').flatMap((line) => /^\s*Copyright (?:\(c\)|©)?\s*(.*\S)/i.exec(line)?.[1] ?? [])
  const first = holders.filter((holder) => !/^(holders|notice)\b/i.test(holder))
  return { holders: first.length > 0 ? first : [authorOf(path)], name, text: own }
}

/** Refers to Debian's own copy of a licence instead of repeating it. */
export function pointerTo(file: string): string {
  return `On Debian systems the text of this licence is in /usr/share/common-licenses/${file}.`
}

function textIn(path: string): string | undefined {
  const name = readdirSync(path).find((file) => /^licen[cs]e/i.test(file))
  return name === undefined ? undefined : readFileSync(join(path, name), 'utf8').trim()
}

function authorOf(path: string): string {
  const { author } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as {
    author?: string | { name: string }
  }
  const name = typeof author === 'object' ? author.name : author
  if (name === undefined) throw new Error(`${path} does not say who wrote it`)
  return name
}
