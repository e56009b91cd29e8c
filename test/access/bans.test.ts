import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { BanFile } from '../../src/access/ban-file.ts'
import { BanList } from '../../src/access/ban-list.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'

t.test('finds addresses and ranges in any spelling', async (t) => {
  const bans = new BanList()
  bans.replace(['192.0.2.7', '198.51.100.0/24', '2001:0DB8:0::7', '2001:db8:1::/48', '203.0.113.9/32'])
  for (const address of [
    '192.0.2.7',
    '::ffff:192.0.2.7',
    '198.51.100.255',
    '2001:db8::7',
    '2001:db8:0:0:0:0:0:7',
    '2001:db8:1:9::1%eth0',
    '203.0.113.9',
  ])
    t.ok(bans.has(address), address)
  for (const address of ['192.0.2.8', '198.51.101.0', '2001:db8::8', '::1', '?', '', '192.0.2.7:80'])
    t.notOk(bans.has(address), address)
  bans.replace([])
  t.notOk(bans.has('192.0.2.7'))
})

t.test('reads lines with comments, and logs those that are not valid', async (t) => {
  const path = join(t.testdir(), 'banned')
  await writeFile(path, '# bots\n192.0.2.7\n\n 198.51.100.0/24 # a network\nnonsense\n10.0.0.0/33\r\n::1\r\n')
  const log = keepLog()
  const file = new BanFile(path, createManualClock(), log.logger)
  await file.check()
  t.same(file.entries, ['192.0.2.7', '198.51.100.0/24', '::1'])
  const places = log.records.map(({ properties }) => properties['place']).filter((place) => place !== undefined)
  t.same(places, [`${path}:5`, `${path}:6`])
})

t.test('reads the file again when it has changed, appears or vanishes', async (t) => {
  const path = join(t.testdir(), 'banned')
  const readings: (readonly string[])[] = []
  const log = keepLog()
  const clock = createManualClock()
  const file = new BanFile(path, clock, log.logger)
  await file.check()
  file.follow((list, read) => readings.push(read.filter((address) => list.has(address))))
  t.teardown(() => file.stop())
  await file.check()
  t.same(log.lines(), ['warning ban file not read'])
  await writeFile(path, '192.0.2.7\n')
  await file.check()
  await file.check()
  await writeFile(path, '192.0.2.7\n192.0.2.8\n')
  await file.check()
  await rm(path)
  await file.check()
  await file.check()
  t.same(readings, [['192.0.2.7'], ['192.0.2.7', '192.0.2.8'], []])
})
