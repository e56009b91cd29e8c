import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The README. */
export const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8')

/** Returns a block of indented lines in the README, without the indentation. @param name a word of the comment in its first line */
export function blockOfReadme(name: string): string {
  const blocks = readme.match(/^ {4}.*\n(?:^ {4}.*\n|^\n(?= {4}))*/gm) ?? []
  const isNamed = (block: string) =>
    /^ {4}(?:#|<\?php \/\/) (.*)/
      .exec(block)?.[1]
      ?.split(/[ ;:]+/)
      .includes(name)
  const found = blocks.find(isNamed)
  if (found === undefined) throw new Error(`the README has no block ${name}`)
  return found.replace(/^ {4}/gm, '')
}
