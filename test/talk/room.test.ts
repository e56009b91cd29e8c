import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { type Member, Room } from '../../src/talk/room.ts'

/** A member that stores the last message. */
class TestMember implements Member<TestMember> {
  readonly me: string
  readonly network = 'one'
  state: string | number | undefined
  constructor(me: string) {
    this.me = me
  }
  wait(ahead: number): void {
    this.state = ahead
  }
  pair(partner: TestMember): void {
    this.state = partner.me
  }
  unpair(): void {
    this.state = 'alone'
  }
  replace(): void {
    this.state = 'elsewhere'
  }
  evict(): void {
    this.state = 'ended'
  }
}

t.test(
  'pairs the first two, and tells all others their position in the queue, for any sequence of events',
  async (t) => {
    const act = fc.record({ comes: fc.boolean(), who: fc.nat(7) })
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const room = new Room<TestMember>(6)
        let inside: TestMember[] = []
        for (const { comes, who } of acts) {
          const before = inside.find(({ me }) => me === String(who))
          if (comes) {
            const member = new TestMember(String(who))
            const isIn = room.enter(member)
            deepStrictEqual(isIn, before !== undefined || inside.length < 6)
            if (before !== undefined) inside = inside.map((one) => (one === before ? member : one))
            else if (isIn) inside.push(member)
            if (before !== undefined) deepStrictEqual(before.state, 'elsewhere')
          } else if (before !== undefined) {
            room.leave(before)
            inside = inside.filter((one) => one !== before)
          }
          deepStrictEqual(room.members.length, inside.length)
          deepStrictEqual(
            inside.map(({ state }) => state),
            inside.map((_, place) => expected(inside, place)),
          )
        }
      }),
    )
    t.pass('in all orders')
  },
)

function expected(inside: readonly TestMember[], place: number): string | number | undefined {
  return place > 1 || inside.length === 1 ? place : inside[1 - place]?.me
}
