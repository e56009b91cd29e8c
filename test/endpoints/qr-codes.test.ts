import t from 'tap'
import { createQrCodes } from '../../src/endpoints/qr-codes.ts'
import { createManualClock } from '../manual-clock.ts'

t.test('makes a code once, and keeps it for all clients', async (t) => {
  const codes = createQrCodes(createManualClock())
  const code = codes.of('http://radio/', 'one')
  t.match(code, /^<svg/)
  for (let i = 0; i < 100; i++) t.equal(codes.of('http://radio/', 'one'), code)
})

t.test('refuses new codes to a client that asks for many, and to no other client', async (t) => {
  const clock = createManualClock()
  const codes = createQrCodes(clock)
  const made = Array.from({ length: 30 }, (_, i) => codes.of(`http://radio/${i}`, 'one'))
  t.equal(made.filter((code) => code !== undefined).length, 10)
  t.ok(codes.of('http://radio/x', 'other'))
  await clock.advance(1_000)
  t.ok(codes.of('http://radio/y', 'one'))
})
