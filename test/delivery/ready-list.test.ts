import fc from 'fast-check'
import t from 'tap'
import { ReadyList } from '../../src/delivery/ready-list.ts'

interface Member {
  index: number
  turns: number
}

const newcomer = (): Member => ({ index: -1, turns: 0 })

const steps = fc.array(
  fc.oneof(fc.constant('walk on' as const), fc.constant('add' as const), fc.record({ remove: fc.nat(100) })),
  { maxLength: 60 },
)

t.test('visits each remaining listener once in a walk, for any additions and removals meanwhile', async (t) => {
  fc.assert(
    fc.property(fc.nat(20), steps, fc.nat(20), (atFirst, steps, walkedBefore) => {
      const list = new ReadyList<Member>()
      const inside: Member[] = []
      const everybody: Member[] = []
      const add = () => {
        const member = newcomer()
        inside.push(member)
        everybody.push(member)
        list.add(member)
      }
      const walkOn = () => {
        const member = list.walkOn()
        if (member !== undefined) member.turns++
        return member
      }
      for (let i = 0; i < atFirst; i++) add()
      // An abandoned walk has no effect.
      for (let i = 0; i < walkedBefore; i++) list.walkOn()
      list.startWalk()
      for (const step of steps) {
        if (step === 'walk on') walkOn()
        else if (step === 'add') add()
        else {
          const [member] = inside.splice(step.remove % Math.max(1, inside.length), 1)
          if (member === undefined) continue
          list.remove(member)
          if (member.index !== -1) return false
        }
      }
      while (walkOn() !== undefined) if (everybody.some(({ turns }) => turns > 1)) return false
      if (list.toCome !== 0 || list.size !== inside.length) return false
      if (new Set(inside.map(({ index }) => index)).size !== inside.length) return false
      return inside.every(({ turns }) => turns === 1) && everybody.every(({ turns }) => turns <= 1)
    }),
    { numRuns: 2_000 },
  )
  t.pass('in every order of steps')
})

t.test('walks from the oldest listener to the newest', async (t) => {
  const list = new ReadyList<Member>()
  const members = [newcomer(), newcomer(), newcomer()]
  for (const member of members) list.add(member)
  list.startWalk()
  t.same([list.walkOn(), list.walkOn(), list.walkOn(), list.walkOn()], [...members, undefined])
})
