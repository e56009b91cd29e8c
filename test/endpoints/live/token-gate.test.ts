import t from 'tap'
import { createTokenGate } from '../../../src/endpoints/live/token-gate.ts'
import { createManualClock } from '../../manual-clock.ts'

t.test('accepts the right token at once', async (t) => {
  const clock = createManualClock()
  const gate = createTokenGate('open-sesame', clock)
  const verdict = gate.check('192.0.2.1', 'open-sesame')
  await clock.advance(0)
  t.equal(await verdict, true)
})

t.test('delays all tokens of an address more after each wrong one, and those of no other address', async (t) => {
  const clock = createManualClock()
  const gate = createTokenGate('open-sesame', clock)
  const answers: string[] = []
  const ask = (client: string, token: string) =>
    void gate.check(client, token).then((isRight) => answers.push(`${client} ${isRight} ${clock.now() - 1000}`))
  for (const token of ['', 'open', 'open-sesame ']) ask('a', token)
  ask('a', 'open-sesame')
  ask('b', 'open-sesame')
  await clock.advance(60_000)
  t.strictSame(answers, ['b true 0', 'a false 1000', 'a false 2000', 'a false 4000', 'a true 4000'])
})

t.test('delays at most 10 s, and forgets wrong tokens after ten quiet minutes', async (t) => {
  const clock = createManualClock()
  const gate = createTokenGate('open-sesame', clock)
  for (let i = 0; i < 20; i++) void gate.check('a', 'wrong')
  const waitOf = async (token: string) => {
    const from = clock.now()
    const verdict = gate.check('a', token).then(() => clock.now() - from)
    await clock.advance(20_000)
    return verdict
  }
  t.equal(await waitOf('wrong'), 10_000)
  await clock.advance(600_000)
  t.equal(await waitOf('wrong'), 1_000)
})
