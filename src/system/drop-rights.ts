import { spawnSync } from 'node:child_process'

/** The process cannot change to the user of `-uid`; the message has the reason in one line. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** IDs of a user, its primary group and all its groups. */
export interface UserIds {
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
}

/** @param user name or number. @throws UserError when the user does not exist */
export function idsOf(user: string | number): UserIds {
  return {
    uid: Number(identify(user, '-u')),
    gid: Number(identify(user, '-g')),
    groups: identify(user, '-G').split(' ').map(Number),
  }
}

/**
 * Changes to another user, with that user's groups, for good. A process that already runs as this user stays as it is.
 * @param user name or number. @throws UserError
 */
export function becomeUser(user: string | number): void {
  const { uid, gid, groups } = idsOf(user)
  if (uid !== ROOT && process.getuid?.() === uid) return
  try {
    process.setgroups?.([...groups])
    process.setgid?.(gid)
    process.setuid?.(uid)
  } catch (error) {
    const why = isDisabled(error) ? 'only root can change the user' : (error as Error).message
    throw new UserError(`-uid ${user}: cannot change to this user: ${why}`, { cause: error })
  }
}

/**
 * Whether this Node.js refuses to change its user even for root. Debian builds Node.js 20 with the libuv of the system, and
 * such a Node.js assumes that libuv may use io_uring, whose requests would keep the rights of root (CVE-2024-22017).
 */
export function cannotChangeUser(): boolean {
  if (process.geteuid?.() !== ROOT) return false
  try {
    process.setgroups?.(process.getgroups?.() ?? [])
    return false
  } catch (error) {
    return isDisabled(error)
  }
}

const ROOT = 0

function isDisabled(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_INVALID_STATE'
}

/** id(1) finds users of all databases of the system (files, LDAP, systemd). */
function identify(user: string | number, what: '-u' | '-g' | '-G'): string {
  const { stdout, status } = spawnSync('id', [what, '--', String(user)], { encoding: 'utf8' })
  if (status !== 0) throw new UserError(`-uid ${user}: no such user; useradd --system creates one`)
  return stdout.trim()
}
