import fc from 'fast-check'
import t from 'tap'
import { FairShare } from '../../src/access/fair-share.ts'
import type { Place } from '../../src/access/shares.ts'
import { createManualClock } from '../manual-clock.ts'

const PLACES = 20
const RESERVED = 4
const PROOF_WITHIN_MS = 1_000

/** Creates a pool whose owners are numbers, and the list of owners whose places were reclaimed. */
function open(options: { readonly proofWithinMs?: number } = {}) {
  const clock = createManualClock()
  const givenUp: number[] = []
  const giveUp = (owner: number) => void givenUp.push(owner)
  const pool = new FairShare<number>({ places: PLACES, reserved: RESERVED, giveUp, ...options }, clock)
  let owners = 0
  const enter = (client: string, isProven = false) => pool.enter(client, owners++, isProven)
  const fill = (client: string, count: number, isProven = false) =>
    Array.from({ length: count }, () => enter(client, isProven))
  return { pool, clock, givenUp, enter, fill }
}

t.test('gives a client all places while no other client needs one', async (t) => {
  const { enter, fill, givenUp } = open()
  t.ok(fill('one', PLACES).every(Boolean))
  t.equal(enter('one'), undefined)
  t.strictSame(givenUp, [])
})

t.test('takes unproven places from the client with the most, oldest first, until both have as many', async (t) => {
  const { pool, fill, givenUp } = open()
  fill('one', PLACES)
  const other = fill('other', PLACES)
  t.equal(other.filter(Boolean).length, PLACES / 2)
  t.strictSame(
    givenUp,
    Array.from({ length: PLACES / 2 }, (_, at) => at),
  )
  t.equal(pool.size, PLACES)
})

t.test('takes a proven place, the newest, only for a client with fewer than are reserved', async (t) => {
  const { fill, givenUp } = open()
  fill('one', PLACES, true)
  t.equal(fill('other', PLACES).filter(Boolean).length, RESERVED)
  t.strictSame(givenUp, [19, 18, 17, 16])
})

t.test('takes an unproven place before a proven one, although another client has more of those', async (t) => {
  const { enter, fill, givenUp } = open()
  fill('office', 15, true)
  fill('idle', 5)
  t.ok(enter('other'))
  t.strictSame(givenUp, [15])
})

t.test('keeps the first places of a client from another one that has many proven ones', async (t) => {
  const { enter, fill, givenUp } = open()
  fill('many', PLACES - RESERVED, true)
  fill('few', RESERVED)
  t.equal(enter('many'), undefined)
  t.strictSame(givenUp, [])
})

t.test('refuses a newcomer when each client has one place', async (t) => {
  const { enter } = open()
  for (let i = 0; i < PLACES; i++) t.ok(enter(`client ${i}`, i % 2 === 0))
  t.equal(enter('other'), undefined)
})

t.test('takes an overdue place from the client that asks for another one', async (t) => {
  const { clock, enter, fill, givenUp } = open({ proofWithinMs: PROOF_WITHIN_MS })
  fill('one', PLACES)
  await clock.advance(PROOF_WITHIN_MS - 1)
  t.equal(enter('one'), undefined)
  await clock.advance(1)
  t.ok(enter('one'))
  t.strictSame(givenUp, [0])
})

t.test('counts a place for the client that was found out later', async (t) => {
  const { pool, enter, fill, givenUp } = open()
  const places = fill('proxy', PLACES)
  for (const [at, place] of places.entries()) if (place !== undefined) pool.prove(place, `client ${at % 2}`)
  t.ok(enter('proxy'))
  t.equal(givenUp.length, 1)
  const [first] = places
  if (first !== undefined) pool.leave(first)
  if (first !== undefined) pool.leave(first)
  t.equal(pool.size, PLACES - 1)
})

const CLIENT = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const STEPS = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('enter' as const), client: CLIENT, isProven: fc.boolean() }),
    fc.record({ do: fc.constantFrom('leave' as const, 'prove' as const), which: fc.nat(), client: CLIENT }),
  ),
  { maxLength: 200 },
)

t.test('accepts a client without a place while another one has two, after any history', async (t) => {
  fc.assert(
    fc.property(STEPS, CLIENT, (steps, newcomer) => {
      const taken = new Set<Place<number>>()
      const { pool, enter, givenUp } = open()
      for (const step of steps) {
        const place =
          'which' in step ? [...taken][step.which % Math.max(1, taken.size)] : enter(step.client, step.isProven)
        for (const one of taken) if (!one.isTaken) taken.delete(one)
        if (place === undefined) continue
        if (step.do === 'enter') taken.add(place)
        else if (step.do === 'prove') pool.prove(place, step.client)
        else pool.leave(place)
        if (step.do === 'leave') taken.delete(place)
      }
      const counts = (client: string) => [...taken].filter((place) => place.client === client).length
      const others = ['a', 'b', 'c', 'd', 'e'].filter((client) => client !== newcomer)
      const isDue = counts(newcomer) === 0 && (pool.size < PLACES || others.some((client) => counts(client) > 2))
      const before = givenUp.length
      const isIn = enter(newcomer) !== undefined
      return pool.size <= PLACES && pool.size <= taken.size + 1 && givenUp.length <= before + 1 && (isIn || !isDue)
    }),
  )
  t.pass()
})
