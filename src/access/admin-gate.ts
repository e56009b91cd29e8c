import type { ProgramPlan } from '../plan/program-plan.ts'
import type { Accounts, Credentials, LoginResult, Logins } from './logins.ts'
import type { CountRefusal } from './refusal-counts.ts'

/** Decides which clients are administrators. */
export interface AdminGate {
  /** Undefined: there is no administrator. */
  readonly accounts: Accounts | undefined
  /**
   * @param offered undefined: none; that does not count as a wrong password, because browsers ask without them first
   * @param network see `networkOf`
   */
  check(offered: Credentials | undefined, network: string): Promise<LoginResult | 'missing'>
  /** Resolves to whether credentials are right; wrong ones, which may be those of a publisher, are not counted. */
  knows(offered: Credentials, network: string): Promise<boolean>
}

/** User of the password of the configuration. */
const ADMIN_USER = 'admin'

export function createAdminGate(
  { password, usersFile }: ProgramPlan['admin'],
  logins: Logins,
  countRefusal: CountRefusal,
): AdminGate {
  const isConfigured = password !== undefined || usersFile !== undefined
  const accounts = isConfigured ? { user: ADMIN_USER, password, usersFile } : undefined
  return {
    accounts,
    async check(offered, network) {
      if (accounts === undefined || offered === undefined) return 'missing'
      const result = await logins.check(accounts, offered, network)
      if (result !== 'granted') countRefusal(result === 'wrong' ? 'credentials' : 'too many attempts')
      return result
    },
    async knows(offered, network) {
      // SHOUTcast has a password only.
      const named = offered.user === '' ? { ...offered, user: ADMIN_USER } : offered
      return accounts !== undefined && (await logins.knows(accounts, named, network)) === true
    },
  }
}
