import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { needs } from '../programs.ts'
import { PLAIN_NODE, plainEnvironment } from '../streamserve.ts'

const RUN = fileURLToPath(new URL('../../bench/run.js', import.meta.url))

t.test('the short bench reports no faults', { skip: needs('cc') }, (t) => {
  const folder = t.testdir()
  const [program, ...args] = [...PLAIN_NODE, RUN, '--short', '--out', folder]
  const { status, stdout, stderr } = spawnSync(program, args, { env: plainEnvironment(), encoding: 'utf8' })
  t.equal(status, 0, `${stderr}\n${stdout}`)

  const { fanout, stations, storms, stalled, faults } = JSON.parse(readFileSync(join(folder, 'bench.json'), 'utf8'))
  t.same(faults, [])
  t.equal(fanout.length > 0 && fanout[0].rounds[0].bytes > 0, true, 'bytes were verified')
  t.equal(stations.many.measured.listeners, stations.many.plan.listeners, 'all listeners are present')
  t.equal(storms.rounds.length, storms.plan.rounds)
  t.equal(stalled.good.listeners, stalled.plan.good)
  t.match(readFileSync(join(folder, 'bench.svg'), 'utf8'), /^<svg /)
  t.end()
})
