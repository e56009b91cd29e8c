import { fileURLToPath } from 'node:url'

/** Form of the installation, as far as texts for the user depend on it. */
export interface Installation {
  /** Command of the program, before its flags. */
  readonly command: string
  /** True for the Debian package, which has a service and a manual. */
  readonly isPackage: boolean
}

/** Folder of the program in the Debian package; see deb/add-program.sh. */
const PACKAGE_FOLDER = '/usr/lib/streamserve/'

/** @param program path of a module of the program. @param script name of the npm script that started it, if one did */
export function installationOf(
  program = fileURLToPath(import.meta.url),
  script = process.env['npm_lifecycle_event'],
): Installation {
  if (program.startsWith(PACKAGE_FOLDER)) return { command: 'streamserve', isPackage: true }
  return { command: script === 'start' ? 'npm start --' : 'streamserve', isPackage: false }
}
