import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import t, { type Test } from 'tap'
import { Verifier } from '../../../src/access/passwords/verifier.ts'
import type { PublishPlan } from '../../../src/plan/stream-plan.ts'
import { systemClock } from '../../../src/system/clock.ts'
import { keepLog } from '../../kept-log.ts'
import { createManualClock } from '../../manual-clock.ts'
import { openPublisherGate } from '../gates.ts'

/** The password of each is `hackme`. */
const BCRYPT = '$2y$04$abcdefghijklmnopqrstuuUjv4YOu5DOIEKcwgYAZUCQy8N9Kw9aK'
const APR1 = '$apr1$saltsalt$cF2RF7yioggWGAi9R7S.b1'
const SHA_256 = '$5$saltsalt$3gmXeQuhsHxdfwaHxKWS/UXWRz8irqlirAF3tz1TdpD'
const RIGHT = { user: 'anna', password: 'hackme' }

function open(t: Test, text: string) {
  const file = join(t.testdir({}), 'users')
  writeFileSync(file, text)
  // The time of a thread's work is that of the machine.
  let now = 0
  const clock = { ...systemClock, now: () => now }
  const log = keepLog()
  const gate = openPublisherGate(clock, log.logger)
  const rules: PublishPlan = {
    user: 'source',
    password: undefined,
    usersFile: file,
    url: undefined,
    anybody: false,
    timeoutMs: 0,
    lingerMs: 0,
  }
  const check = (offered: { user: string; password: string }, network = 'a') => gate.check(rules, offered, network)
  const pass = (ms: number) => {
    now += ms
  }
  return { file, gate, rules, check, pass, log }
}

t.test('grants users of the file with their passwords only, whatever their hashes are', async (t) => {
  const { check } = open(
    t,
    `# djs\r\nanna:${BCRYPT}\r\n\r\nben:${APR1}:a comment\r\ncleo:${SHA_256}\r\nanna:${APR1}x\n`,
  )
  for (const user of ['anna', 'ben', 'cleo']) t.equal(await check({ user, password: 'hackme' }), 'granted', user)
  t.equal(await check({ user: 'anna', password: 'guess' }), 'wrong')
  t.equal(await check({ user: 'dora', password: 'hackme' }), 'wrong', 'nor those that are not in the file')
  t.equal(await check({ user: '# djs', password: '' }), 'wrong')
  t.equal(await check({ user: 'anna', password: 'hackme'.repeat(50) }), 'wrong')
})

t.test('accepts the password of the rules beside those of the file', async (t) => {
  const { gate, rules, check } = open(t, `anna:${BCRYPT}\n`)
  const both = { ...rules, password: 'secret' }
  t.equal(await gate.check(both, { user: 'source', password: 'secret' }, 'a'), 'granted')
  t.equal(await gate.check(both, RIGHT, 'a'), 'granted')
  t.equal(await check({ user: 'source', password: 'secret' }), 'wrong')
})

t.test('reads the file again when it has changed, once a second at most', async (t) => {
  const { check, file, pass } = open(t, `ben:${APR1}\n`)
  t.equal(await check(RIGHT), 'wrong')
  writeFileSync(`${file}.new`, `anna:${APR1}\n`)
  renameSync(`${file}.new`, file)
  pass(999)
  t.equal(await check(RIGHT), 'wrong')
  pass(1)
  t.equal(await check(RIGHT), 'granted')
  t.equal(await check({ user: 'ben', password: 'hackme' }), 'wrong')
})

t.test('grants nothing while the file cannot be read, and logs that once', async (t) => {
  const { check, file, pass, log } = open(t, `anna:${APR1}\n`)
  t.equal(await check(RIGHT), 'granted')
  rmSync(file)
  pass(1_000)
  t.equal(await check(RIGHT), 'wrong')
  pass(1_000)
  t.equal(await check(RIGHT), 'wrong')
  t.strictSame(log.lines(), ['error users file not read'])
  writeFileSync(file, `anna:${APR1}\n`)
  pass(1_000)
  t.equal(await check(RIGHT), 'granted')
})

t.test('logs lines without a hash that it knows', async (t) => {
  const { check, log, file } = open(
    t,
    `anna:${APR1}\nben:plain\nno colon\n:${APR1}\ncleo:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n`,
  )
  t.equal(await check(RIGHT), 'granted')
  t.equal(await check({ user: 'ben', password: 'plain' }), 'wrong')
  t.strictSame(
    log.records.map(({ properties }) => properties.place),
    [2, 3, 4, 5].map((line) => `${file}:${line}`),
  )
})

t.test('refuses a network after five wrong passwords that arrived at once', async (t) => {
  const { check } = open(t, `anna:${APR1}\n`)
  const guesses = Array.from({ length: 20 }, (_, i) => check({ user: 'anna', password: `${i}` }))
  const answers = await Promise.all(guesses)
  t.equal(answers.filter((answer) => answer === 'wrong').length, 5)
  t.equal(answers.filter((answer) => answer === 'too many').length, 15)
})

t.test('remembers right passwords, and does not hold up the event loop for others', async (t) => {
  // A cost of 10, the usual one, takes about 60 ms.
  const hash = '$2y$10$abcdefghijklmnopqrstuu5Lo0g67CiD3M4RpN1BmBAFQZtxqaQUO'
  const verifier = new Verifier(systemClock, keepLog().logger)
  let comparisons = 0
  const mayBegin = () => {
    comparisons++
    return true
  }
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await verifier.matches({ password: 'hackme', hash }, 'a', mayBegin)
  delay.disable()
  t.comment(`longest delay ${Math.round(delay.max / 1e6)} ms`)
  const isRight = await verifier.matches({ password: 'hackme', hash: APR1 }, 'a', mayBegin)
  const again = await Promise.all(
    [1, 2, 3].map(() => verifier.matches({ password: 'hackme', hash: APR1 }, 'a', mayBegin)),
  )
  t.strictSame([isRight, ...again], [true, true, true, true])
  t.equal(comparisons, 2)
  t.equal(await verifier.matches({ password: 'guess', hash: APR1 }, 'a', mayBegin), false)
  t.equal(comparisons, 3)
})

t.test('a comparison that takes too long is given up, and logged', async (t) => {
  const clock = createManualClock()
  const log = keepLog()
  const verifier = new Verifier(clock, log.logger)
  const hash = SHA_256.replace('$5$', '$5$rounds=999999999$')
  const answer = verifier.matches({ password: 'hackme', hash }, 'a', () => true)
  await clock.advance(5_000)
  t.equal(await answer, false)
  t.strictSame(log.lines(), ['error password check failed'])
})

t.test('refuses comparisons when too many wait', async (t) => {
  const verifier = new Verifier(systemClock, keepLog().logger)
  const ask = (i: number) => verifier.matches({ password: `${i}`, hash: APR1 }, 'a', () => false)
  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => ask(i)))
  t.ok(answers.every((answer) => answer === undefined))
})

t.test('compares a password once for all requests that wait for it', async (t) => {
  const verifier = new Verifier(systemClock, keepLog().logger)
  let begun = 0
  const ask = (password: string, network: string, may = true) =>
    verifier.matches({ password, hash: APR1 }, network, () => {
      begun += may ? 1 : 0
      return may
    })
  const before = ask('another', 'other')
  const blocked = ask('hackme', 'first', false)
  const answers = await Promise.all(Array.from({ length: 1_000 }, (_, i) => ask('hackme', `${i}`)))
  t.ok(answers.every((answer) => answer === true))
  t.equal(await blocked, true, 'although the first one may not begin')
  t.equal(await before, false)
  t.equal(begun, 2)
})

t.test('networks take turns, so that many guesses of one do not hold up another', async (t) => {
  const verifier = new Verifier(systemClock, keepLog().logger)
  const order: string[] = []
  const ask = (password: string, network: string) =>
    verifier.matches({ password, hash: APR1 }, network, () => {
      order.push(network)
      return false
    })
  const guesses = Array.from({ length: 200 }, (_, i) => ask(`${i}`, 'guesser'))
  await Promise.all([...guesses, ask('hackme', 'member'), ask('other', 'friend')])
  t.strictSame(order.slice(0, 4), ['guesser', 'guesser', 'member', 'friend'])
  t.ok(order.length < 100, 'and only some of them wait')
})

t.test('keeps the thread that compares for the next comparison, and starts another one after a failure', async (t) => {
  const started: unknown[] = []
  const note = (worker: unknown) => void started.push(worker)
  process.on('worker', note)
  t.teardown(() => process.off('worker', note))
  const clock = createManualClock()
  const verifier = new Verifier(clock, keepLog().logger)
  const ask = (password: string, hash = APR1) => verifier.matches({ password, hash }, 'a', () => true)
  for (const password of ['one', 'two', 'three']) t.equal(await ask(password), false)
  t.equal(started.length, 1)
  const endless = ask('hackme', SHA_256.replace('$5$', '$5$rounds=999999999$'))
  await clock.advance(5_000)
  t.equal(await endless, false)
  t.equal(await ask('hackme'), true)
  t.equal(started.length, 2)
})
