import type { Logger } from '@logtape/logtape'
import type { Clock } from '../../system/clock.ts'
import type { Credentials } from '../logins.ts'
import { UsersFile } from './users-file.ts'
import { Verifier } from './verifier.ts'

/** Checks credentials by files of users. */
export class UsersFiles {
  readonly #clock: Clock
  readonly #log: Logger
  readonly #verifier: Verifier
  readonly #files = new Map<string, UsersFile>()

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock
    this.#log = log
    this.#verifier = new Verifier(clock, log)
  }

  /**
   * Resolves to whether a file has the credentials; undefined when they have not been compared.
   * @param network see `networkOf` @param mayBegin see `Verifier.matches`
   */
  async check(
    path: string,
    { user, password }: Credentials,
    network: string,
    mayBegin: () => boolean,
  ): Promise<boolean | undefined> {
    const file = this.#files.get(path) ?? new UsersFile(path, this.#clock, this.#log)
    this.#files.set(path, file)
    const users = await file.users()
    // A user that does not exist takes as long as another one, so that guessing names is of no use.
    const [anyHash] = users.values()
    const hash = users.get(user) ?? anyHash
    if (hash === undefined) return false
    const isRight = await this.#verifier.matches({ password, hash }, network, mayBegin)
    return isRight && users.has(user)
  }
}
