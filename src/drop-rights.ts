import { spawnSync } from 'node:child_process'

/** The user of `-uid` cannot be taken on; the message says why in one line. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** Becomes another user, with that user's groups, for good. @param user name or number. @throws UserError */
export function becomeUser(user: string | number): void {
  const gid = Number(identify(user, '-g'))
  const uid = Number(identify(user, '-u'))
  const groups = identify(user, '-G').split(' ').map(Number)
  try {
    process.setgroups?.(groups)
    process.setgid?.(gid)
    process.setuid?.(uid)
  } catch (error) {
    throw new UserError(`-uid ${user}: cannot become this user: ${(error as Error).message}`, { cause: error })
  }
}

/** id(1) asks all that the system knows users from (files, LDAP, systemd). */
function identify(user: string | number, what: '-u' | '-g' | '-G'): string {
  const { stdout, status } = spawnSync('id', [what, '--', String(user)], { encoding: 'utf8' })
  if (status !== 0) throw new UserError(`-uid ${user}: there is no such user`)
  return stdout.trim()
}
