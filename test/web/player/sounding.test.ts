import t from 'tap'
import { Sounding } from '../../../src/web/player/sounding.ts'

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
