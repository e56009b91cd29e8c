import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * Where to keep what outlives the program: where systemd wants it (systemd.exec(5)), or as the XDG base directories say.
 * @param home finds the user's home directory. @returns undefined for a user without one
 */
export function stateDirectory(
  { STATE_DIRECTORY, XDG_STATE_HOME }: NodeJS.ProcessEnv,
  home: () => string = homedir,
): string | undefined {
  // Of several, the first.
  const [given = ''] = (STATE_DIRECTORY ?? '').split(':')
  if (given !== '') return given
  // One that is not absolute is to be ignored.
  const isGood = XDG_STATE_HOME !== undefined && isAbsolute(XDG_STATE_HOME)
  if (isGood) return join(XDG_STATE_HOME, 'streamserve')
  try {
    return join(home(), '.local', 'state', 'streamserve')
  } catch {
    // There is no HOME, and the user, a number in a container for one, has no entry in passwd(5).
    return undefined
  }
}
