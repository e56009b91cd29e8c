import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import { FilterLoadError, loadFilter } from '../../filters/load-filter.ts'
import { filterNames } from '../../filters/names.ts'
import { FILTERS } from '../../filters/table.ts'
import { DEFAULTS } from './run-filter.ts'

/** @returns the path of a module with this text. */
function moduleFile(t: { testdir(): string }, text: string): string {
  const path = join(t.testdir(), 'my-filter.mjs')
  writeFileSync(path, text)
  return path
}

await t.test('finds built-in filters by name', async (t) => {
  t.strictSame(filterNames, ['auto', 'raw', 'mp3', 'aac-adts', 'wav', 'ogg', 'flac'])
  for (const [name, create] of FILTERS) t.equal(await loadFilter(name), create)
})

await t.test('refuses an unknown name, and lists the known ones', async (t) => {
  const message = 'unknown filter "mp4"; use auto, raw, mp3, aac-adts, wav, ogg, flac, or a file such as ./my-filter.js'
  await t.rejects(loadFilter('mp4'), new FilterLoadError(message))
})

await t.test("a user's own filter is loaded from its file, by absolute and by relative path", async (t) => {
  const path = moduleFile(
    t,
    'export const createFilter = () => ({ contentType: "audio/mine", skippedBytes: 7, push() {}, end() {} })',
  )
  for (const name of [path, relative(process.cwd(), path)]) {
    const create = await loadFilter(name)
    t.match(create(DEFAULTS), { contentType: 'audio/mine', skippedBytes: 7 })
  }
})

await t.test('refuses a missing file in one line', async (t) => {
  await t.rejects(loadFilter('./no-such-filter.js'), {
    name: 'FilterLoadError',
    message: /^the filter \.\/no-such-filter\.js cannot be read: ENOENT.*$/,
  })
  await t.rejects(loadFilter('no-such-filter.mjs'), FilterLoadError)
})

await t.test('refuses anything except a file', async (t) => {
  await t.rejects(loadFilter(t.testdir()), { name: 'FilterLoadError', message: / is not a file$/ })
  await t.rejects(loadFilter('/dev/null'), { name: 'FilterLoadError', message: / is not a file$/ })
})

await t.test('refuses a file without createFilter', async (t) => {
  for (const text of ['export const filter = 1', 'export const createFilter = 1', '']) {
    const path = moduleFile(t, text)
    await t.rejects(loadFilter(path), new FilterLoadError(`the filter ${path} does not export a function createFilter`))
  }
})

await t.test('refuses a file that fails to load, with the reason in one line', async (t) => {
  for (const text of [
    'throw new Error("not today\\nnor ever")',
    'throw "not today"',
    'throw undefined',
    'export const = 1',
  ]) {
    const path = moduleFile(t, text)
    await t.rejects(loadFilter(path), {
      name: 'FilterLoadError',
      message: /^the filter \S+ cannot be loaded: [^\n]+$/,
    })
  }
})

await t.test('refuses a filter that cannot be created or lacks methods, when it is created', async (t) => {
  const texts = {
    'export const createFilter = () => { throw new Error("no codec") }': /fails in createFilter: no codec$/,
    'export const createFilter = () => undefined': /fails in createFilter: /,
    'export const createFilter = () => ({ push() {} , skippedBytes: 0 })':
      /must have push\(\), end\(\) and the number skippedBytes$/,
  }
  for (const [text, message] of Object.entries(texts)) {
    // A module is loaded only once from each path, so each test has its own folder.
    await t.test(text, async (t) => {
      const create = await loadFilter(moduleFile(t, text))
      t.throws(() => create(DEFAULTS), { name: 'FilterLoadError', message })
    })
  }
})
