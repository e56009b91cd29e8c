import type { Logger } from '@logtape/logtape'
import type { PublishPlan } from '../plan/stream-plan.ts'
import type { Clock } from '../system/clock.ts'
import { isSameSecret } from './same-secret.ts'
import { WrongAttempts } from './wrong-attempts.ts'

/** User and password that a client offers. */
export interface Credentials {
  readonly user: string
  readonly password: string
}

/** Result of a check. `missing`: credentials are needed. `too many`: the network has offered too many wrong ones. */
export type GateAnswer = 'granted' | 'missing' | 'wrong' | 'too many'

/** Decides which publishers may publish. */
export interface PublisherGate {
  /**
   * @param rules of the path
   * @param offered undefined: none; that does not count as a wrong password, because libshout asks without them first
   * @param network see `networkOf`
   */
  check(rules: PublishPlan, offered: Credentials | undefined, network: string): Promise<GateAnswer>
}

export function createPublisherGate(clock: Clock, _log: Logger): PublisherGate {
  const attempts = new WrongAttempts(clock)
  return {
    async check(rules, offered, network) {
      if (rules.anybody) return 'granted'
      if (offered === undefined) return 'missing'
      if (attempts.areTooMany(network)) return 'too many'
      if (isPassword(rules, offered)) return 'granted'
      attempts.add(network)
      return 'wrong'
    },
  }
}

function isPassword({ user, password }: PublishPlan, offered: Credentials): boolean {
  const isUser = isSameSecret(offered.user, user)
  return password !== undefined && isSameSecret(offered.password, password) && isUser
}
