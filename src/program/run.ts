import { isatty } from 'node:tty'
import { type CommandLine, parseCommandLine } from '../config/command-line.ts'
import { asksForProbe } from '../config/probe-request.ts'
import { UsageError } from '../config/usage-error.ts'
import { installationOf } from '../system/installation.ts'
import { print, printErrors } from '../system/print.ts'
import { readVersion } from '../system/version.ts'

/** Carries out a command line: serves, or prints a text. @param args without the name of the program. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    await answer(args)
  } catch (error) {
    const code = error instanceof UsageError ? 2 : (await import('./exit-code.ts')).exitCodeOf(error)
    if (code === undefined) throw error
    const further = error instanceof UsageError ? error.further : []
    printErrors(...[error as Error, ...further].map(({ message }) => message))
    // Monitoring reads 2 as a stream that cannot be heard.
    process.exit(error instanceof UsageError && asksForProbe(args) ? 3 : code)
  }
}

/** What a command line asks for is loaded with it: no request needs what others do. */
async function answer(args: readonly string[]): Promise<void> {
  if (args.length === 0 && isatty(0)) return offer()
  const request = parseCommandLine(args)
  switch (request.kind) {
    case 'help':
      return print((await import('../config/help.ts')).helpText(installationOf().isPackage))
    case 'version':
      return print(`streamserve ${readVersion()}`)
    case 'sign':
      return print((await import('./signed-link.ts')).signedLink(request.request, Date.now()))
    case 'probe':
      process.exitCode = await (await import('../probe/probe.ts')).probe(request.request)
      return
    case 'check':
      return check(request)
    case 'run':
      await (await import('./serve.ts')).serve(request)
  }
}

async function check(request: CommandLine & { kind: 'check' }): Promise<void> {
  const { answerToCheck } = await import('./doubts.ts')
  // A connection to a server of a hub that does not answer would keep it running.
  print(await answerToCheck(request), () => process.exit())
}

/** A start without flags on a terminal, where no sound can come from: says what to try. */
async function offer(): Promise<void> {
  const { firstSteps } = await import('./first-steps.ts')
  process.stderr.write(firstSteps())
  process.exitCode = 2
}
