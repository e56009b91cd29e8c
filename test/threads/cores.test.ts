import t from 'tap'
import { coresToUse, whyNotShared } from '../../src/threads/cores.ts'
import { keepLog } from '../kept-log.ts'

t.test('Node 22.12 and newer can share a port', async (t) => {
  for (const version of ['22.12.0', '22.20.1', '23.1.0', '24.0.0', '26.10.0'])
    t.equal(whyNotShared(undefined, version, 'linux'), undefined, version)
  for (const version of ['20.19.0', '20.99.0', '22.11.0', '23.0.0'])
    t.match(whyNotShared(undefined, version, 'linux'), `this is ${version}`)
})

t.test('uses one core where the system does not distribute connections, and with -uid', async (t) => {
  t.match(whyNotShared(undefined, '24.0.0', 'darwin'), /system/)
  t.match(whyNotShared('nobody', '24.0.0', 'linux'), /-uid/)
  t.equal(whyNotShared(undefined, '24.0.0', 'freebsd'), undefined)
})

t.test('reports the use of one core only when more were requested', async (t) => {
  const log = keepLog()
  for (const cpuMax of [0, 1]) coresToUse({ cpuMax, uid: 'nobody' }, log.logger)
  t.strictSame(log.lines(), [])
  t.equal(coresToUse({ cpuMax: 2, uid: 'nobody' }, log.logger), 1)
  t.strictSame(log.lines(), ['warning delivery threads disabled'])
})
