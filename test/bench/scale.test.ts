import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { isMet } from '../../bench/aims.ts'
import { checksOf } from '../../bench/scale/checks.ts'
import { FAULTS } from '../../bench/scale/faults.ts'
import { PRODUCT } from '../../bench/scale/parts.ts'
import { SHORT } from '../../bench/scale/plan.ts'
import { simulate } from '../../bench/scale/simulation.ts'
import { PLAIN_NODE, plainEnvironment } from '../streamserve.ts'

const RUN = fileURLToPath(new URL('../../bench/scale/run.js', import.meta.url))

t.test('all checks of the short simulation are met, and its figures are those of its seed', (t) => {
  const [program, ...args] = [...PLAIN_NODE, RUN, '--short', '--seed', '7']
  const runs = [1, 2].map(() => spawnSync(program, args, { env: plainEnvironment(), encoding: 'utf8' }))
  for (const { status, stdout, stderr } of runs) t.equal(status, 0, `${stderr}\n${stdout}`)
  t.match(runs[0]?.stdout, /frames twice +0\.00 +at most/)
  t.equal(runs[0]?.stdout, runs[1]?.stdout)
  t.end()
})

for (const { name, foundBy, put } of FAULTS) {
  t.test(`the simulation finds that ${name}`, (t) => {
    const failed = checksOf(simulate(SHORT, put(PRODUCT))).filter((check) => !isMet(check))
    const names = new Set(failed.map(({ what }) => what))
    for (const check of foundBy) t.ok(names.has(check), check)
    t.end()
  })
}
