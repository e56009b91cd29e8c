import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** Where to keep what outlives the program: where systemd wants it (systemd.exec(5)), or as the XDG base directories say. */
export function stateDirectory({ STATE_DIRECTORY, XDG_STATE_HOME }: NodeJS.ProcessEnv): string {
  // Of several, the first.
  const [given = ''] = (STATE_DIRECTORY ?? '').split(':')
  if (given !== '') return given
  // One that is not absolute is to be ignored.
  const isGood = XDG_STATE_HOME !== undefined && isAbsolute(XDG_STATE_HOME)
  return join(isGood ? XDG_STATE_HOME : join(homedir(), '.local', 'state'), 'streamserve')
}
