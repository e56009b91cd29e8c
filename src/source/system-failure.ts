import { SourceError } from './source.ts'

/** Reasons that need no name before them. */
const SCARCE: Readonly<Record<string, string>> = {
  EMFILE: 'too many open files: raise LimitNOFILE of the service, or ulimit -n',
  ENFILE: 'the system has too many open files',
  EAGAIN: 'the system permits no further process: raise TasksMax of the service, or ulimit -u',
  ENOMEM: 'the system has no memory left',
}

/** What is wrong with a file, or with what is behind it, after its name. */
const OF_FILES: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'is not readable by this user',
  EPERM: 'is not readable by this user',
  EIO: 'cannot be read: the disk or the device fails',
  ENXIO: 'is a device that is not there',
  ENODEV: 'is a device that is not there',
}

/** Returns the error of the system about a file as one that says what is wrong. @param shown the path in one line */
export function fileFailure(error: unknown, shown: string): SourceError {
  const { code = '', message } = error as NodeJS.ErrnoException
  const reason = SCARCE[code] ?? (OF_FILES[code] === undefined ? message : `${shown} ${OF_FILES[code]}`)
  return new SourceError(reason, { cause: error })
}

/** The same for a command that cannot be started. @param shown its program */
export function commandFailure(error: unknown, shown: string): SourceError {
  const { code = '', message } = error as NodeJS.ErrnoException
  const missing = `there is no program ${shown}${shown.includes('/') ? '' : ' in the PATH of this process'}; is it installed?`
  const reasons: Readonly<Record<string, string>> = {
    ...SCARCE,
    ENOENT: missing,
    EACCES: `this user may not run ${shown}`,
  }
  return new SourceError(reasons[code] ?? message, { cause: error })
}
