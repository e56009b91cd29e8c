/** Configuration of the container image: how it is started, and what it is. */

export interface ImageFacts {
  readonly version: string
  /** In the words of Go, which are Debian's too: `amd64`, `arm64`. */
  readonly architecture: string
  /** ISO 8601, in whole seconds. */
  readonly created: string
  /** Hashes of the layers before their compression, from the lowest to the highest. */
  readonly diffIds: readonly string[]
}

/** Nanoseconds in a second: Docker's unit of durations. */
const SECOND = 1_000_000_000

/**
 * The stream that the health check listens to; `PROBE_URL` replaces it. Docker has exit codes 0 and 1 only.
 */
const HEALTHCHECK = {
  Test: ['CMD-SHELL', 'streamserve -probe "${PROBE_URL:-http://localhost:8000/}" -for 2s || exit 1'],
  Interval: 30 * SECOND,
  Timeout: 15 * SECOND,
  StartPeriod: 5 * SECOND,
  Retries: 3,
}

/** OCI's image configuration, with `Healthcheck`, which is Docker's own addition and which others ignore. */
export function imageConfig({ version, architecture, created, diffIds }: ImageFacts): object {
  return {
    created,
    architecture,
    os: 'linux',
    config: {
      User: '65532:65532',
      ExposedPorts: { '8000/tcp': {} },
      Env: ['PATH=/usr/bin', 'HOME=/var/lib/streamserve', 'STREAMSERVE_STARTED_AS=streamserve'],
      Entrypoint: ['/usr/bin/streamserve'],
      Cmd: ['-config', '/etc/streamserve/main.conf'],
      WorkingDir: '/var/lib/streamserve',
      StopSignal: 'SIGTERM',
      Healthcheck: HEALTHCHECK,
      Labels: {
        'org.opencontainers.image.title': 'streamserve',
        'org.opencontainers.image.description': 'Live sound from a pipe for thousands of HTTP listeners',
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.created': created,
        'org.opencontainers.image.licenses': 'Apache-2.0',
        'org.opencontainers.image.authors': 'the authors of streamserve',
      },
    },
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: [
      { created, created_by: 'deb/pack/image.sh: libraries of Debian' },
      { created, created_by: 'deb/pack/image.sh: Node.js and streamserve' },
    ],
  }
}
