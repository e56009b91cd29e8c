import type { Test } from 'tap'
import type { HubDelivery, HubLink } from '../../src/hub/hub-link.ts'
import { connectNats } from '../../src/hub/nats/connect-nats.ts'
import type { HubPlan } from '../../src/plan/program-plan.ts'
import { systemClock } from '../../src/system/clock.ts'
import type { KeptLog } from '../kept-log.ts'
import { until } from '../processes.ts'

/** Connects to a hub without waiting for it. The connection is closed with the test. */
export async function linkOf(t: Pick<Test, 'teardown'>, plan: HubPlan, { logger }: KeptLog): Promise<HubLink> {
  const link = await connectNats(plan, { clock: systemClock, log: logger })
  t.teardown(() => link.close())
  return link
}

/** Resolves once a link is connected, or is not. */
export function untilConnected(link: HubLink, isConnected = true): Promise<void> {
  return until(`hub connected: ${isConnected}`, () => link.state.isConnected === isConnected)
}

/** Messages with numbers, from one link to another. */
export interface Numbers {
  /** Those that have arrived, in order, with the time of each in milliseconds. */
  readonly arrived: readonly { readonly number: number; readonly at: number }[]
  /** Number of the last one that was sent. */
  sent(): number
  /** Resolves once one that was sent from now on has arrived. @returns the time until then, in milliseconds */
  arrivesAgain(): Promise<number>
}

/** Publishes a number every 10 ms, and receives it at another link. It ends with the test. */
export function sendNumbers(t: Pick<Test, 'teardown'>, from: HubLink, to: HubLink, subject: string): Numbers {
  const arrived: { number: number; at: number }[] = []
  to.subscribe(subject, ({ payload }: HubDelivery) => {
    arrived.push({ number: payload.readUInt32BE(), at: performance.now() })
  })
  let number = 0
  const timer = setInterval(() => {
    const payload = Buffer.alloc(500)
    payload.writeUInt32BE(++number)
    from.publish(subject, payload)
  }, 10)
  t.teardown(() => clearInterval(timer))
  return {
    arrived,
    sent: () => number,
    async arrivesAgain() {
      const [since, last] = [performance.now(), number]
      const isNew = ({ number: one }: { number: number }) => one > last
      await until('a number arrives', () => arrived.some(isNew))
      return (arrived.find(isNew)?.at ?? Number.POSITIVE_INFINITY) - since
    },
  }
}
