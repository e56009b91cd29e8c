import type { Address, TlsPlan } from '../plan/program-plan.ts'
import type { Runtime } from '../system/runtime.ts'
import type { CertificateSource, KeyPair } from '../tls/certificate.ts'
import { namesOfHost } from '../tls/host-names.ts'
import { keptPair } from '../tls/kept-pair.ts'
import { endOf } from '../tls/key-pair.ts'
import { pairInFiles } from '../tls/pair-files.ts'
import { createSecureSockets } from '../tls/secure-sockets.ts'
import { stateDirectory } from '../tls/state-directory.ts'
import type { Secure } from '../transport/http/read-head.ts'

/** HTTPS with the certificate of a configuration. */
export interface OpenedTls {
  /** The first certificate. */
  readonly pair: KeyPair
  readonly secure: Secure
  /** Returns when the certificate of new connections ends, in milliseconds since 1970. */
  endsAt(): number
  /** Uses each renewed certificate for new connections from now on, and calls `tell` with it. @returns stops it */
  follow(tell: (pair: KeyPair) => void): () => void
}

/** @throws CertificateError */
export async function openTls(plan: TlsPlan, address: Address | undefined, runtime: Runtime): Promise<OpenedTls> {
  const { log } = runtime
  const source = certificateOf(plan, address, runtime)
  const pair = await source.first()
  const { secure, use } = createSecureSockets(pair, log)
  let endsAt = endOf(pair)
  const follow: OpenedTls['follow'] = (tell) =>
    source.follow((next) => {
      use(next)
      endsAt = endOf(next)
      tell(next)
    })
  return { pair, secure, endsAt: () => endsAt, follow }
}

function certificateOf({ files }: TlsPlan, address: Address | undefined, { clock, log }: Runtime): CertificateSource {
  if (files !== undefined) return pairInFiles(files, clock, log)
  return keptPair(stateDirectory(process.env), () => namesOfHost(address?.host), clock, log)
}
