import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(`${PROJECT}/${path}`, 'utf8')

interface Row {
  readonly room: string
  /** In alphabetical order. */
  readonly imports: readonly string[]
}

/** The part of the linter's configuration that is compared. */
interface LintOverride {
  readonly files: readonly string[]
  readonly rules: { readonly 'no-restricted-imports'?: readonly [string, { patterns: readonly { group: string[] }[] }] }
}

/** The table of `src/README.md`. */
function rows(): Row[] {
  return [...read('src/README.md').matchAll(/^\| `(\w+)` +\|[^|]*\| ([\w, ]*) *\|$/gm)].map(
    ([, room = '', imports = '']) => ({
      room,
      imports: imports
        .split(',')
        .map((word) => word.trim())
        .filter(Boolean),
    }),
  )
}

/** Rooms that the linter allows the files of a room to import. @param depth folders between the files and `src`. */
function allowed(t: Test, overrides: readonly LintOverride[], room: string, depth: 1 | 2): string[] {
  const files = depth === 1 ? `src/${room}/*` : `src/${room}/*/**`
  const own = overrides.filter((override) => override.files.includes(files))
  const [first = '', ...others] = own.flatMap(
    ({ rules }) => rules['no-restricted-imports']?.[1].patterns[0]?.group ?? [],
  )
  const up = '../'.repeat(depth)
  t.equal(first, `${up}**`, `${files}: forbids all that is not listed`)
  return others.map((pattern) => pattern.replace(`!${up}`, '').replace('../', '').replace('/**', ''))
}

t.test('each folder of src is in the table of rooms, and nothing else', async (t) => {
  const folders = readdirSync(`${PROJECT}/src`, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const rooms = rows().map(({ room }) => room)
  t.strictSame(rooms.toSorted(), ['filters', ...folders.map(({ name }) => name)].toSorted())
})

t.test('a room imports only rooms above it in the table', async (t) => {
  const above = new Set<string>()
  for (const { room, imports } of rows()) {
    for (const name of imports) t.ok(above.has(name), `${room} imports ${name}`)
    above.add(room)
  }
})

t.test('the linter allows each room what the table allows it', async (t) => {
  const { overrides } = JSON.parse(read('.oxlintrc.json')) as { overrides: LintOverride[] }
  for (const { room, imports } of rows().filter(({ room }) => room !== 'filters')) {
    t.strictSame(allowed(t, overrides, room, 1), imports, room)
    t.strictSame(allowed(t, overrides, room, 2), imports, `folders in ${room}`)
  }
})

t.test('only the two commands are outside of the rooms', async (t) => {
  const files = readdirSync(`${PROJECT}/src`, { withFileTypes: true }).filter((entry) => entry.isFile())
  t.strictSame(files.map(({ name }) => name).toSorted(), ['LOG.md', 'README.md', 'main.ts', 'start.ts'])
})
