import type { Config } from './config.ts'

/** Whether HTTPS is enabled: by `-tls`, or by certificate files alone. */
export function wantsTls({ tls, tlsCert }: Config): boolean {
  return tls ?? tlsCert !== undefined
}
