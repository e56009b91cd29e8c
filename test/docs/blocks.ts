import { pages } from './pages.ts'

/** A block of code of a page: indented by four spaces, or between fences. */
export interface Block {
  /** Path of the page in the project. */
  readonly page: string
  /** Number of its first line of code, from 1. */
  readonly line: number
  /** Word behind the fence; empty: none, or an indented block. */
  readonly language: string
  readonly text: string
}

const FENCE = /^```(\w*)$/

/** Returns the blocks of a page, in their order. */
export function blocksOf(page: string): Block[] {
  const lines = (pages.get(page) ?? '').split('\n')
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; at++) {
    const fence = FENCE.exec(lines[at] ?? '')
    const isIndented = fence === null && /^ {4}\S/.test(lines[at] ?? '') && (lines[at - 1] ?? '') === ''
    if (fence === null && !isIndented) continue
    const first = fence === null ? at : at + 1
    const end = fence === null ? endOfIndented(lines, at) : lines.indexOf('```', first)
    const text = lines.slice(first, end).map((line) => (fence === null ? line.slice(4) : line))
    blocks.push({ page, line: first + 1, language: fence?.[1] ?? '', text: `${text.join('\n')}\n` })
    at = end
  }
  return blocks
}

/** Returns the index behind the last indented line. */
function endOfIndented(lines: readonly string[], first: number): number {
  let end = first + 1
  for (let at = first + 1; at < lines.length && /^( {4}|$)/.test(lines[at] ?? ''); at++)
    if (lines[at] !== '') end = at + 1
  return end
}

/** Returns the name in the first line of a block, such as `radio.conf` or `/etc/cron.d/church`; empty: none. */
export function nameOf({ text }: Block): string {
  return /^(?:#|\/\/|<\?php \/\/) ([\w./-]*\.?\w+)(?=[;:\n])/.exec(text.replace(/^#!.*\n/, ''))?.[1] ?? ''
}

/** Returns the text of the block that has this name, on any page. */
export function blockOfDocs(name: string): string {
  const found = [...pages.keys()].flatMap(blocksOf).find((block) => nameOf(block) === name)
  if (found === undefined) throw new Error(`the documentation has no block ${name}`)
  return found.text
}
