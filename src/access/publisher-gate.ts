import type { PublishPlan } from '../plan/stream-plan.ts'
import type { PublishAnswer, PublishCallbacks, PublishQuestion } from './callbacks/publish-callbacks.ts'
import type { Credentials, LoginResult, Logins } from './logins.ts'

/** Result of a check. `missing`: credentials are needed. */
type GateAnswer = LoginResult | PublishAnswer | 'missing'

/** Decides which publishers may publish. */
export interface PublisherGate {
  /**
   * @param rules of the path; a password, or a user of the file, and the answer of the URL are needed, as far as they are set
   * @param offered undefined: none; that does not count as a wrong password, because libshout asks without them first
   * @param network see `networkOf`
   */
  check(
    rules: PublishPlan,
    offered: Credentials | undefined,
    network: string,
    question: PublishQuestion,
  ): Promise<GateAnswer>
}

/** @param callbacks loaded on demand, because most programs ask no URL */
export function createPublisherGate(logins: Logins, callbacks: () => Promise<PublishCallbacks>): PublisherGate {
  return {
    async check(rules, offered, network, question) {
      const { anybody, password, usersFile, url } = rules
      if (anybody) return 'granted'
      if (offered === undefined) return 'missing'
      if (logins.areTooMany(network)) return 'too many'
      const hasPasswords = password !== undefined || usersFile !== undefined || url === undefined
      const login = hasPasswords ? await logins.check(rules, offered, network) : 'granted'
      if (login !== 'granted' || url === undefined) return login
      const answer = await (await callbacks()).ask(url, offered, question)
      if (typeof answer === 'object') logins.addWrong(network)
      return answer
    },
  }
}
