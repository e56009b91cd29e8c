import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { MAIN, plainEnvironment } from '../streamserve.ts'

const PACKAGE = fileURLToPath(new URL('../../../package.json', import.meta.url))

t.test('refuses an old Node.js in one line, before anything is imported', async (t) => {
  // The command alone: an import of anything else would fail.
  const folder = t.testdir({ 'package.json': '{ "type": "module" }' })
  copyFileSync(MAIN, join(folder, 'main.js'))
  const runAs = (version: string) => {
    const fake = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
    const args = ['--import', `data:text/javascript,${encodeURIComponent(fake)}`, join(folder, 'main.js'), '-demo']
    return spawnSync(process.execPath, args, { encoding: 'utf8', env: plainEnvironment() })
  }
  for (const version of ['18.20.8', '20.18.3', '20.9.0', '19.9.0', '16.0.0']) {
    const { status, stdout, stderr } = runAs(version)
    t.strictSame([status, stdout, stderr], [1, '', `streamserve: needs Node.js 20.19 or newer, this is ${version}\n`])
  }
  for (const version of ['20.19.0', '20.20.2', '22.0.0', '24.21.0', '100.1.0'])
    t.match(runAs(version).stderr, /ERR_MODULE_NOT_FOUND/, `${version} is not refused`)
})

t.test('accepts the oldest Node.js that the package names', async (t) => {
  const { engines } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { engines: { node: string } }
  t.equal(engines.node, '>=20.19')
})
