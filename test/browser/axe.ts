import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { WebPage } from './web-page.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * Returns violations that axe finds on a page after its transitions: rules of WCAG 2.2 AA, and axe's best practices. The transitions
 * are ended, not awaited: on a busy machine, Firefox without a screen may draw no frame of a page that has just been loaded.
 */
export async function axeFaults(page: WebPage): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate<string[]>(`(async () => {
    for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish()
    const { violations } = await axe.run()
    return violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' '))
  })()`)
}
