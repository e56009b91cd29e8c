import { FilterLoadError } from '../../filters/load-filter.ts'
import { AccessLogError } from '../access/access-log-file.ts'
import { HubCredentialsError } from '../hub/nats/credentials-error.ts'
import { SourceError } from '../source/source.ts'
import { UserError } from '../system/drop-rights.ts'
import { CertificateError } from '../tls/certificate.ts'
import { ListenError } from '../transport/listening.ts'

/** Exit codes of errors that the user can fix; each is printed as one line. */
const EXIT_CODES: ReadonlyMap<new (...args: never[]) => Error, number> = new Map<
  new (
    ...args: never[]
  ) => Error,
  number
>([
  [FilterLoadError, 2],
  [UserError, 1],
  [SourceError, 1],
  [ListenError, 1],
  [CertificateError, 2],
  [AccessLogError, 2],
  [HubCredentialsError, 2],
])

/** Returns the exit code of an error that the user can fix, which is not of the configuration; undefined: a fault of the program. */
export function exitCodeOf(error: unknown): number | undefined {
  return [...EXIT_CODES].find(([kind]) => error instanceof kind)?.[1]
}
