import { ok } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { listen } from '../client.ts'
import { startServer } from '../streamserve.ts'
import { attack, commit, type Outcome } from './attacks.ts'
import { arrive, arrivePair, someSound } from './visitor.ts'

t.setTimeout(180_000)
t.test('closes raw sockets with at most one code for any bytes, and serves all others', async (t) => {
  const server = await startServer(t, ['-demo', '-talk', '-header-timeout', '2s'])
  const [one, other] = await arrivePair(t, server.port, '/talk/bystanders')
  const listener = listen(t, server.port)
  await listener.headCame()

  let said = 0
  const heard: number[] = []
  other.socket.on('message', (data: Buffer) => heard.push(data.readUInt32BE(4)))
  const talking = setInterval(() => {
    const sound = someSound()
    sound.writeUInt32BE(said++, 4)
    one.socket.send(sound)
  }, 20)
  t.teardown(() => clearInterval(talking))

  const codes = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(fc.array(attack, { minLength: 1, maxLength: 6 }), async (attacks) => {
      const before = listener.body().length
      const outcomes = await Promise.all(attacks.map((one) => commit(server.port, one)))
      for (const [at, outcome] of outcomes.entries()) judge(attacks[at]?.isHandshake === true, outcome)
      for (const code of outcomes.flatMap(({ codes }) => codes)) codes.set(code, (codes.get(code) ?? 0) + 1)
      await listener.bodyHas(before + 1)
    }),
    { numRuns: 60 },
  )
  clearInterval(talking)
  one.socket.send(someSound(100, 0xff))
  while (heard.at(-1) !== 0xffffffff) await other.heard()

  t.comment(`close codes: ${[...codes].map(([code, times]) => `${code} x ${times}`).join(', ')}`)
  t.equal(one.socket.readyState, one.socket.OPEN)
  t.strictSame(
    heard,
    heard.toSorted((a, b) => a - b),
    'sound came in order',
  )
  t.ok(heard.length > said / 2, `${heard.length} of ${said} messages were heard`)
  t.equal(server.count(/ERROR/), 0)
  const next = await arrive(t, server.port, '/talk/bystanders')
  t.strictSame(await next.told(), { type: 'waiting', ahead: 2 })
  const stranger = await arrive(t, server.port, '/talk')
  t.strictSame(await stranger.told(), { type: 'waiting', ahead: 0 }, 'no attacker is left')
})

function judge(isHandshake: boolean, { status, codes }: Outcome): void {
  ok(codes.length <= 1, `closed ${codes.length} times: ${codes.join()}`)
  if (isHandshake) ok(status !== 101, `a bad handshake was answered with ${status}`)
  else ok(status === 101, `a good handshake was answered with ${status}`)
}
