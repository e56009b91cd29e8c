/** Values of flags for secrets: the secret itself, or a reference to it. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { RefusedValue } from '../text/refused-value.ts'

/** Maximum size of a file with a secret, in bytes. */
const mostBytes = 4096

/** Whether the text is a reference to a secret, which may be shown. */
export function isReference(text: string): boolean {
  return /^(?:file|env):/.test(text)
}

/**
 * @param text the secret, `file:PATH` for the first line of a file, or `env:NAME` for a variable of the environment.
 * @throws RefusedValue when it does not exist
 */
export function secretIn(text: string): string {
  if (!isReference(text)) return text
  const place = text.slice(text.indexOf(':') + 1)
  return text.startsWith('env:') ? inEnvironment(place) : firstLineOf(place)
}

function inEnvironment(name: string): string {
  const { [name]: value } = process.env
  if (value === undefined) throw new RefusedValue('is not set in the environment')
  return value
}

function firstLineOf(path: string): string {
  try {
    return readStart(path).split(/\r?\n/, 1)[0] ?? ''
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new RefusedValue(reasons[code] ?? `cannot be read: ${message}`)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'this user is not permitted to read it',
  EISDIR: 'is a directory',
}

function readStart(path: string): string {
  // Without O_NONBLOCK, a FIFO without a writer would block the program.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if (!fstatSync(fd).isFile()) throw new Error('it is not a file')
    const bytes = Buffer.alloc(mostBytes)
    return bytes.toString('utf8', 0, readSync(fd, bytes))
  } finally {
    closeSync(fd)
  }
}
