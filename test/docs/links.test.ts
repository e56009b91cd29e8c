import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import t from 'tap'
import { PROJECT, pages } from './pages.ts'

/** Anchors of the headings of a page, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  const headings = text.matchAll(/^#+ (.*)$/gm)
  return Array.from(headings, ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  )
}

t.test('each link of a page leads to a file and a heading', async (t) => {
  for (const [page, text] of pages) {
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? join(PROJECT, page) : join(PROJECT, dirname(page), path)
      t.ok(existsSync(file), `${page}: ${target}`)
      if (anchor !== undefined && existsSync(file))
        t.ok(anchorsOf(readFileSync(file, 'utf8')).includes(anchor), `${page}: ${target}`)
    }
  }
})

t.test('the index names each page, once', async (t) => {
  const index = pages.get('docs/README.md') ?? ''
  const named = Array.from(index.matchAll(/^\| \[[^\]]+\]\((\w[\w-]*\.md)\)/gm), ([, name = '']) => name)
  const others = [...pages.keys()].filter((page) => page !== 'README.md' && page !== 'docs/README.md')
  t.strictSame(named.toSorted(), others.map((page) => relative('docs', page)).toSorted())
})

t.test('each page begins with its heading and whom it is for', async (t) => {
  for (const [page, text] of pages)
    if (!/README/.test(page)) t.match(text, /^# [^\n]+\n\n(For|This page is for) [^\n]+/, page)
})

t.test('README.md is one screen', async (t) => {
  t.ok((pages.get('README.md') ?? '').split('\n').length <= 80)
})
