import type { Logger } from '@logtape/logtape'
import type { PublishPlan } from '../plan/stream-plan.ts'
import type { Clock } from '../system/clock.ts'
import { isSameSecret } from './passwords/same-secret.ts'
import type { UsersFiles } from './passwords/users-files.ts'
import { WrongAttempts } from './passwords/wrong-attempts.ts'

/** User and password that a client offers. */
export interface Credentials {
  readonly user: string
  readonly password: string
}

/** Result of a check. `missing`: credentials are needed. `too many`: the network has offered too many wrong ones. */
type GateAnswer = 'granted' | 'missing' | 'wrong' | 'too many'

/** Decides which publishers may publish. */
export interface PublisherGate {
  /**
   * @param rules of the path
   * @param offered undefined: none; that does not count as a wrong password, because libshout asks without them first
   * @param network see `networkOf`
   */
  check(rules: PublishPlan, offered: Credentials | undefined, network: string): Promise<GateAnswer>
}

export function createPublisherGate(clock: Clock, log: Logger): PublisherGate {
  return new Gate(clock, log)
}

class Gate implements PublisherGate {
  readonly #clock: Clock
  readonly #log: Logger
  readonly #attempts: WrongAttempts
  #files: Promise<UsersFiles> | undefined

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock
    this.#log = log
    this.#attempts = new WrongAttempts(clock)
  }

  async check(rules: PublishPlan, offered: Credentials | undefined, network: string): Promise<GateAnswer> {
    if (rules.anybody) return 'granted'
    if (offered === undefined) return 'missing'
    const mayTry = () => !this.#attempts.areTooMany(network)
    if (!mayTry()) return 'too many'
    const isRight = isPassword(rules, offered) || (await this.#isUser(rules, offered, mayTry))
    if (isRight === undefined) return 'too many'
    if (!isRight) this.#attempts.add(network)
    return isRight ? 'granted' : 'wrong'
  }

  /** @returns undefined: the password was not compared */
  async #isUser({ usersFile }: PublishPlan, offered: Credentials, mayTry: () => boolean): Promise<boolean | undefined> {
    if (usersFile === undefined) return false
    this.#files ??= this.#load()
    return (await this.#files).check(usersFile, offered, mayTry)
  }

  /** Loaded on demand, because most programs have no such file. */
  async #load(): Promise<UsersFiles> {
    const { UsersFiles: Files } = await import('./passwords/users-files.ts')
    return new Files(this.#clock, this.#log)
  }
}

function isPassword({ user, password }: PublishPlan, offered: Credentials): boolean {
  const isUser = isSameSecret(offered.user, user)
  return password !== undefined && isSameSecret(offered.password, password) && isUser
}
