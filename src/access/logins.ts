import type { Logger } from '@logtape/logtape'
import type { Clock } from '../system/clock.ts'
import { isSameSecret } from './passwords/same-secret.ts'
import type { UsersFiles } from './passwords/users-files.ts'
import { WrongAttempts } from './passwords/wrong-attempts.ts'

/** User and password that a client offers. */
export interface Credentials {
  readonly user: string
  readonly password: string
}

/** Users and passwords that are right at some place. */
export interface Accounts {
  /** User of `password`. */
  readonly user: string
  /** Undefined: there is no such user. */
  readonly password: string | undefined
  /** File of users and hashed passwords in the format of htpasswd; undefined: none. */
  readonly usersFile: string | undefined
}

/**
 * Result of a check. `too many`: the network has offered too many wrong passwords. `busy`: the password was not compared, because
 * too many others wait.
 */
export type LoginResult = 'granted' | 'wrong' | 'too many' | 'busy'

/** Checks passwords, for publishing, listening and administration: there is one count of wrong ones for each network. */
export class Logins {
  readonly #clock: Clock
  readonly #log: Logger
  readonly #attempts: WrongAttempts
  readonly #refused: (network: string, ms: number) => void
  #files: Promise<UsersFiles> | undefined

  /** @param refused called when a network has offered too many, with the time for which it is refused, in milliseconds */
  constructor(clock: Clock, log: Logger, refused: (network: string, ms: number) => void = () => {}) {
    this.#refused = refused
    this.#clock = clock
    this.#log = log
    this.#attempts = new WrongAttempts(clock)
  }

  /** Whether a network has offered too many wrong passwords; none of it is compared then. @param network see `networkOf` */
  areTooMany(network: string): boolean {
    return this.#attempts.areTooMany(network)
  }

  /** Counts credentials that a URL has refused. */
  addWrong(network: string): void {
    const ms = this.#attempts.add(network)
    if (ms !== undefined) this.#refused(network, ms)
  }

  /** Checks credentials, and counts wrong ones. */
  async check(accounts: Accounts, offered: Credentials, network: string): Promise<LoginResult> {
    const isRight = await this.knows(accounts, offered, network)
    if (isRight === undefined) return this.areTooMany(network) ? 'too many' : 'busy'
    if (!isRight) this.addWrong(network)
    return isRight ? 'granted' : 'wrong'
  }

  /**
   * Resolves to whether credentials are right; wrong ones, which may be right elsewhere, are not counted. Undefined: they were not
   * compared, because the network has offered too many wrong ones, or too many others wait.
   */
  async knows(
    { user, password, usersFile }: Accounts,
    offered: Credentials,
    network: string,
  ): Promise<boolean | undefined> {
    if (this.areTooMany(network)) return undefined
    // Both are compared in any case, so that the time reveals nothing.
    const isUser = isSameSecret(offered.user, user)
    const isPassword = password !== undefined && isSameSecret(offered.password, password) && isUser
    if (isPassword || usersFile === undefined) return isPassword
    this.#files ??= this.#load()
    return (await this.#files).check(usersFile, offered, network, () => !this.areTooMany(network))
  }

  /** Loaded on demand, because most programs have no such file. */
  async #load(): Promise<UsersFiles> {
    const { UsersFiles: Files } = await import('./passwords/users-files.ts')
    return new Files(this.#clock, this.#log)
  }
}
