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
