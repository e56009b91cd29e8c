import { isatty } from 'node:tty'
import { setFlagsFromString } from 'node:v8'
import { FilterLoadError } from '../../filters/load-filter.ts'
import { AccessLogError } from '../access/access-log-file.ts'
import { parseCommandLine } from '../config/command-line.ts'
import { helpText } from '../config/help.ts'
import { asksForProbe, type ProbeRequest } from '../config/probe-request.ts'
import { UsageError } from '../config/usage-error.ts'
import { HubCredentialsError } from '../hub/nats/credentials-error.ts'
import { SourceError } from '../source/source.ts'
import { UserError } from '../system/drop-rights.ts'
import { installationOf } from '../system/installation.ts'
import { print, printErrors } from '../system/print.ts'
import { readVersion } from '../system/version.ts'
import { CertificateError } from '../tls/certificate.ts'
import { ListenError } from '../transport/listening.ts'
import { answerToCheck } from './doubts.ts'
import { serve } from './serve.ts'
import { signedLink } from './signed-link.ts'

/** Exit codes of errors that the user can fix; each is printed as one line. */
const EXIT_CODES: ReadonlyMap<new (...args: never[]) => Error, number> = new Map<
  new (
    ...args: never[]
  ) => Error,
  number
>([
  [UsageError, 2],
  [FilterLoadError, 2],
  [UserError, 1],
  [SourceError, 1],
  [ListenError, 1],
  [CertificateError, 2],
  [AccessLogError, 2],
  [HubCredentialsError, 2],
])

/** Carries out a command line: serves, or prints a text. @param args without the name of the program. */
export async function run(args: readonly string[]): Promise<void> {
  // V8 would grow its young space, up to 48 MB, as soon as many listeners connect, although they allocate next to nothing.
  setFlagsFromString('--semi-space-growth-factor=1')
  try {
    await answer(args)
  } catch (error) {
    const [, code] = [...EXIT_CODES].find(([kind]) => error instanceof kind) ?? []
    if (code === undefined) throw error
    const further = error instanceof UsageError ? error.further : []
    printErrors(...[error as Error, ...further].map(({ message }) => message))
    // Monitoring reads 2 as a stream that cannot be heard.
    process.exit(error instanceof UsageError && asksForProbe(args) ? 3 : code)
  }
}

async function answer(args: readonly string[]): Promise<void> {
  if (args.length === 0 && isatty(0)) return offer()
  const request = parseCommandLine(args)
  if (request.kind === 'help') print(helpText(installationOf().isPackage))
  else if (request.kind === 'version') print(`streamserve ${readVersion()}`)
  else if (request.kind === 'sign') print(signedLink(request.request, Date.now()))
  else if (request.kind === 'probe') process.exitCode = await probed(request.request)
  // A connection to a server of a hub that does not answer would keep it running.
  else if (request.kind === 'check') print(await answerToCheck(request), () => process.exit())
  else await serve(request)
}

async function probed(request: ProbeRequest): Promise<number> {
  // Loaded on demand, because a server does not need it.
  const { probe } = await import('../probe/probe.ts')
  return probe(request)
}

/** A start without flags on a terminal, where no sound can come from: says what to try. */
async function offer(): Promise<void> {
  const { firstSteps } = await import('./first-steps.ts')
  process.stderr.write(firstSteps())
  process.exitCode = 2
}
