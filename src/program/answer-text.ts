import { installationOf } from '../system/installation.ts'
import { print } from '../system/print.ts'
import { readVersion } from '../system/version.ts'
import type { TextRequest } from './text-request.ts'

/** Prints the text. The table of options is loaded for the help only. */
export async function answerText(request: TextRequest): Promise<void> {
  if (request === 'version') return print(`streamserve ${readVersion()}`)
  print((await import('../config/help.ts')).helpText(installationOf().isPackage))
}
