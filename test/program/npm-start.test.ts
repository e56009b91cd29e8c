import { appendFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { copySources, runNpm } from '../copy-project.ts'
import { needs } from '../programs.ts'

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url))

/** Modification time of each compiled file. */
function timesOf(folder: string): Map<string, number> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name))
  return new Map(paths.map((path) => [path.slice(folder.length + 1), statSync(path).mtimeMs]))
}

t.test('npm start builds the program only, and only what changed', { skip: needs('npm') }, async (t) => {
  const copy = copySources(t, PROJECT)
  const dist = join(copy, 'dist')
  t.match(runNpm(copy, 'start', '--', '-version'), /^streamserve \d/m)
  const first = timesOf(dist)
  t.strictSame(readdirSync(dist).toSorted(), [
    'filters',
    'pages',
    'program',
    'program.built',
    'program.tsbuildinfo',
    'src',
    'web.built',
  ])

  runNpm(copy, 'start', '--', '-version')
  t.strictSame(timesOf(dist), first, 'the second start writes nothing')

  appendFileSync(join(copy, 'src/system/version.ts'), '\nconsole.log("changed")\n')
  appendFileSync(join(copy, 'src/web/talk/page.ts'), '\nconsole.log("changed too")\n')
  t.match(runNpm(copy, 'start', '--', '-version'), /^changed$/m)
  const third = timesOf(dist)
  const written = [...third].filter(([path, time]) => time !== first.get(path)).map(([path]) => path)
  t.ok(written.includes('pages/talk.js'), 'the pages are bundled again')
  const compiled = written.filter((path) => /^(src|filters)\/.*\.js$/.test(path))
  t.strictSame(compiled, ['src/system/version.js'], 'and one file is compiled')
})
