import type { Hook } from '../../plan/hooks.ts'
import { command } from './command.ts'
import { httpUrl } from './http-url.ts'
import type { Kind } from './kind.ts'

/** What is notified of an event: a command in one text, or an address that gets a POST. */
export const hook: Kind<Hook> = {
  name: 'hook',
  placeholder: 'COMMAND|URL',
  parse(text) {
    if (/^https?:/i.test(text)) return { kind: 'url', url: httpUrl.parse(text) }
    return { kind: 'command', command: command.parse(text) }
  },
}
