import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * Returns the directory for persistent state: the one that systemd sets (systemd.exec(5)), or one by the XDG base directories.
 * @param home finds the user's home directory. @returns undefined for a user without one
 */
export function stateDirectory(
  { STATE_DIRECTORY, XDG_STATE_HOME }: NodeJS.ProcessEnv,
  home: () => string = homedir,
): string | undefined {
  // The first of several.
  const [given = ''] = (STATE_DIRECTORY ?? '').split(':')
  if (given !== '') return given
  // The XDG specification requires that relative paths are ignored.
  const isGood = XDG_STATE_HOME !== undefined && isAbsolute(XDG_STATE_HOME)
  if (isGood) return join(XDG_STATE_HOME, 'streamserve')
  try {
    return join(home(), '.local', 'state', 'streamserve')
  } catch {
    // HOME is not set, and the user has no entry in passwd(5), such as a numeric one in a container.
    return undefined
  }
}
