import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { plainEnvironment } from '../streamserve.ts'
import { needsNewerNode, newerNode } from './newer-node.ts'

for (const name of ['same-bytes', 'policies', 'crash', 'pages', 'publishers', 'rewind']) {
  t.test(`passes on a Node that shares ports: ${name}`, { skip: needsNewerNode }, async (t) => {
    const script = fileURLToPath(new URL(`./${name}.test.js`, import.meta.url))
    const { status, stdout } = spawnSync(newerNode ?? '', [script], {
      env: { ...plainEnvironment(), TAP_TIMEOUT: '120' },
    })
    t.equal(status, 0, /^ *not ok .*$/m.exec(String(stdout))?.[0] ?? 'all of it')
  })
}
