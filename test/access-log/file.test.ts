import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { AccessLogError, AccessLogFile } from '../../src/access/access-log-file.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'
import { startServer } from '../streamserve.ts'

const LINE = `${'x'.repeat(99)}\n`

t.test('writes lines that were added before a reopening to the old file, and later ones to the new file', async (t) => {
  const folder = t.testdir()
  const [path, moved] = [join(folder, 'a.log'), join(folder, 'a.log.1')]
  const file = new AccessLogFile(path, createManualClock(), keepLog().logger)
  file.open()
  file.add('one\n')
  await rename(path, moved)
  await file.reopen()
  file.add('two\n')
  await file.close()
  t.equal(await readFile(moved, 'latin1'), 'one\n')
  t.equal(await readFile(path, 'latin1'), 'two\n')
})

t.test('adds to a file that exists, and creates one that others cannot read', async (t) => {
  const path = join(t.testdir(), 'a.log')
  await writeFile(path, 'before\n')
  const file = new AccessLogFile(path, createManualClock(), keepLog().logger)
  file.open()
  file.add('after\n')
  await file.close()
  t.equal(await readFile(path, 'latin1'), 'before\nafter\n')
})

t.test('keeps lines while the disk is full, up to a limit, and counts those that it drops', async (t) => {
  const log = keepLog()
  const clock = createManualClock()
  const file = new AccessLogFile('/dev/full', clock, log.logger)
  file.open()
  for (let lines = 0; lines < 60_000; lines++) file.add(LINE)
  await file.reopen()
  const dropped = () => log.records.filter(({ message }) => message.join('') === 'access log lines dropped')
  t.equal(dropped().length, 1)
  await clock.advance(60_000)
  const total = dropped().reduce((sum, { properties }) => sum + Number(properties['lines']), 0)
  t.equal(total, 60_000 - Math.floor((4 * 1024 * 1024) / LINE.length))
  t.equal(log.lines().filter((line) => line === 'error access log not written').length, 1)
})

t.test('a file that cannot be written is an error of the start, in one line', async (t) => {
  const file = new AccessLogFile('/nonexistent/a.log', createManualClock(), keepLog().logger)
  t.throws(() => file.open(), AccessLogError)
  const start = startServer(t, ['-demo', '-access-log', '/nonexistent/a.log'])
  await t.rejects(start, /cannot write the access log \/nonexistent\/a\.log: no such directory/)
})

t.test('SIGHUP opens the file again, and rereads the configuration', async (t) => {
  const folder = t.testdir()
  const [path, config] = [join(folder, 'a.log'), join(folder, 'main.conf')]
  await writeFile(config, `demo\naccess-log ${path}\n`)
  const server = await startServer(t, ['-config', config])
  server.child.kill('SIGHUP')
  await Promise.all([server.logged(/access log opened again/), server.logged(/configuration reloaded/)])
  server.child.kill('SIGTERM')
  t.equal(await server.exited, 0)
})

t.test('SIGHUP opens the file again, and ends no program that has one', async (t) => {
  const path = join(t.testdir(), 'a.log')
  const server = await startServer(t, ['-demo', '-access-log', path])
  server.child.kill('SIGHUP')
  await server.logged(/access log opened again/)
  server.child.kill('SIGTERM')
  t.equal(await server.exited, 0)
})
