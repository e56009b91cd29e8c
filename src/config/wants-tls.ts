import type { Config } from './config.ts'

/** Whether HTTPS is wanted: certificate files alone say so. */
export function wantsTls({ tls, tlsCert }: Config): boolean {
  return tls ?? tlsCert !== undefined
}
