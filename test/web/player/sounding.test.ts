import t from 'tap'
import { hasTime, Sounding } from '../../../src/web/player/sounding.ts'

t.test('a player whose time advances after it reported an empty buffer sounds', async (t) => {
  const sounding = new Sounding()
  sounding.silent(0)
  sounding.playing()
  t.notOk(sounding.hasBegun(500), 'which is known')
  sounding.silent(30)
  t.notOk(sounding.hasBegun(30))
  t.notOk(sounding.hasBegun(130), 'so much may be reported late')
  t.ok(sounding.hasBegun(280))
  t.notOk(sounding.hasBegun(530), 'once')
})

t.test('a player whose time stands still does not sound', async (t) => {
  const sounding = new Sounding()
  sounding.silent(4_000)
  for (let i = 0; i < 20; i++) t.notOk(sounding.hasBegun(4_010))
})

t.test('a player that begins anew sounds when its new time advances', async (t) => {
  const sounding = new Sounding()
  sounding.silent(60_000)
  t.notOk(sounding.hasBegun(0))
  t.notOk(sounding.hasBegun(100))
  t.ok(sounding.hasBegun(250))
})

t.test('a player whose time stands still for 12 checks has stopped', async (t) => {
  const sounding = new Sounding()
  sounding.playing()
  for (let played = 0; played <= 2_000; played += 250) t.notOk(sounding.hasStopped(played))
  for (let i = 1; i < 12; i++) t.notOk(sounding.hasStopped(2_000))
  t.notOk(sounding.hasStopped(2_010), 'it has advanced a little')
  for (let i = 1; i < 12; i++) t.notOk(sounding.hasStopped(2_010))
  t.ok(sounding.hasStopped(2_010))
  t.notOk(sounding.hasStopped(2_010), 'once')
  t.ok(sounding.hasBegun(2_210), 'and sounds when it advances again')
})

t.test('a player that is known to be silent does not stop', async (t) => {
  const sounding = new Sounding()
  sounding.silent(0)
  for (let i = 0; i < 20; i++) t.notOk(sounding.hasStopped(0))
})

t.test('a player that sounds while its time stands at its first frame has not stopped', async (t) => {
  const sounding = new Sounding()
  sounding.playing()
  for (let i = 0; i < 20; i++) t.notOk(sounding.hasStopped(104))
  t.notOk(hasTime(104))
  t.ok(hasTime(250))
})
