/** The documentation of the project: README.md and the pages of `docs/`. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Folder of the project. */
export const PROJECT = fileURLToPath(new URL('../../../', import.meta.url))

/** All pages, by their paths in the project, such as `docs/hls.md`. */
export const pages: ReadonlyMap<string, string> = new Map(
  ['README.md', ...readdirSync(`${PROJECT}docs`).map((name) => `docs/${name}`)]
    .filter((path) => path.endsWith('.md'))
    .map((path) => [path, readFileSync(PROJECT + path, 'utf8')]),
)

/** Returns a page. @param name its name without folder and extension, such as `hls` */
export function pageOf(name: string): string {
  const page = pages.get(`docs/${name}.md`)
  if (page === undefined) throw new Error(`docs has no page ${name}.md`)
  return page
}

/** Returns a block of indented lines of a page, without the indentation. @param name a word of the comment in its first line */
export function blockOfDocs(name: string): string {
  const blocks = [...pages.values()].flatMap((page) => page.match(/^ {4}.*\n(?:^ {4}.*\n|^\n(?= {4}))*/gm) ?? [])
  const isNamed = (block: string) =>
    /^ {4}(?:#|<\?php \/\/) (.*)/
      .exec(block)?.[1]
      ?.split(/[ ;:]+/)
      .includes(name)
  const found = blocks.find(isNamed)
  if (found === undefined) throw new Error(`the documentation has no block ${name}`)
  return found.replace(/^ {4}/gm, '')
}
