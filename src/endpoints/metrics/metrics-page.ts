import { acceptedFormat } from '../../metrics/accepted-format.ts'
import type { Metrics } from '../../metrics/metrics.ts'
import { pageHeaders } from '../headers.ts'
import type { Page } from '../page.ts'
import type { Viewers } from '../viewers.ts'

/** Dependencies and settings of the metrics. */
interface MetricsPageOptions {
  /** Clients that may read them without a password. */
  readonly access: 'local' | 'all'
  readonly viewers: Viewers
  /** Loads what writes them, at the first request. */
  readonly load: () => Promise<Metrics>
}

const REFUSAL =
  'the metrics are for this machine and its network only, at an address of its own; -metrics=all is for all clients, and -admin-password for an administrator'

/** `/metrics`, for Prometheus and the like: in OpenMetrics for clients that accept it, otherwise as text of version 0.0.4. */
export function createMetricsPage({ access, viewers, load }: MetricsPageOptions): Page {
  return {
    owns: (path) => path === '/metrics',
    async answer(request, response) {
      const viewer = await viewers.admit(request, response, access, REFUSAL)
      if (viewer === undefined) return
      const metrics = await load()
      const { contentType, body } = await metrics.write(acceptedFormat(request.message.headers.accept))
      response.writeHead(200, { ...pageHeaders(), 'Content-Type': contentType })
      response.end(body)
    },
  }
}
