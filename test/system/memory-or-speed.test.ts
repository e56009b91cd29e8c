import { execa } from 'execa'
import t from 'tap'
import { createBusyMeter } from '../../src/system/memory-or-speed.ts'

const MODULE = new URL('../../src/system/memory-or-speed.js', import.meta.url).href

/** Looks once a second at a program that uses these shares of a core. @returns what the meter says at each look */
function looks(shares: readonly number[]): boolean[] {
  const isBusy = createBusyMeter()
  let user = 0
  isBusy({ user, system: 0 }, 0)
  return shares.map((share, i) => {
    user += share * 1e6
    return isBusy({ user, system: 0 }, (i + 1) * 1000)
  })
}

t.test('a program is busy that uses more than a twentieth of a core, two looks in a row', async (t) => {
  t.strictSame(looks([0.06, 0.06]), [false, true])
  t.strictSame(looks([0.9, 0.04, 0.9]), [false, false, false])
  t.strictSame(looks(Array.from({ length: 60 }, () => 0.04)).includes(true), false)
})

t.test('CPU time counts whoever spends it, and late looks have more of it', async (t) => {
  const isBusy = createBusyMeter()
  t.equal(isBusy({ user: 5e6, system: 5e6 }, 10_000), false)
  t.equal(isBusy({ user: 5.3e6, system: 5.3e6 }, 20_000), false)
  t.equal(isBusy({ user: 5.6e6, system: 5.6e6 }, 30_000), true)
  t.equal(isBusy({ user: 5.8e6, system: 5.8e6 }, 40_000), false)
})

t.test('this V8 has all of the flags', async (t) => {
  const script = `import { saveMemoryUntilBusy } from '${MODULE}'; saveMemoryUntilBusy()`
  const { stderr, stdout } = await execa(process.execPath, ['--input-type=module', '-e', script])
  t.equal(`${stderr}${stdout}`, '')
})
