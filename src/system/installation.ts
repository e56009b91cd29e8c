import { fileURLToPath } from 'node:url'

/** Form of the installation, as far as texts for the user depend on it. */
export interface Installation {
  /** Command of the program, before its flags. */
  readonly command: string
  /** True for a package of the system (.deb, .rpm), which has a service and a manual. */
  readonly isPackage: boolean
}

/** Folder of the program in a package of the system; see deb/add-program.sh. */
const PACKAGE_FOLDER = '/usr/lib/streamserve/'

/**
 * @param program path of a module of the program. @param script name of the npm script that started it, if one did
 * @param startedAs command as it was typed, set where only its caller knows it: in the archive for any Linux and the image
 */
export function installationOf(
  program = fileURLToPath(import.meta.url),
  script = process.env['npm_lifecycle_event'],
  startedAs = process.env['STREAMSERVE_STARTED_AS'],
): Installation {
  if (startedAs !== undefined) return { command: quoted(startedAs), isPackage: false }
  if (program.startsWith(PACKAGE_FOLDER)) return { command: 'streamserve', isPackage: true }
  return { command: script === 'start' ? 'npm start --' : 'streamserve', isPackage: false }
}

/** For a shell. */
function quoted(path: string): string {
  return /^[\w./~@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
