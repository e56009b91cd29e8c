import type { PublishPlan } from '../plan/stream-plan.ts'
import type { Credentials, LoginResult, Logins } from './logins.ts'

/** Result of a check. `missing`: credentials are needed. */
type GateAnswer = LoginResult | 'missing'

/** Decides which publishers may publish. */
export interface PublisherGate {
  /**
   * @param rules of the path
   * @param offered undefined: none; that does not count as a wrong password, because libshout asks without them first
   * @param network see `networkOf`
   */
  check(rules: PublishPlan, offered: Credentials | undefined, network: string): Promise<GateAnswer>
}

export function createPublisherGate(logins: Logins): PublisherGate {
  return {
    async check(rules, offered, network) {
      if (rules.anybody) return 'granted'
      return offered === undefined ? 'missing' : logins.check(rules, offered, network)
    },
  }
}
