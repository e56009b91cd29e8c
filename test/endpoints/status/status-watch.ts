import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { Test } from 'tap'
import type { StatusNews, StatusReport } from '../../../src/status/report.ts'
import { merge } from '../../../src/web/status/merge.ts'

/** A subscriber of `/status/events`. */
export interface Watch {
  readonly response: IncomingMessage
  /** All messages received. */
  readonly news: readonly StatusNews[]
  /** Resolves with the first report, assembled as by the page, that is as wanted; rejects when the server closes before. */
  sees(what: string, wanted: (report: StatusReport) => boolean): Promise<StatusReport>
  /** Resolves when the server has closed the connection. */
  readonly closed: Promise<void>
}

/** The report of `/status.json`. */
export async function statusAt(url: string): Promise<StatusReport> {
  return (await (await fetch(`${url}/status.json`)).json()) as StatusReport
}

/** Subscribes to the events. The subscription ends with the test. */
export async function watchStatus(t: Test, url: string): Promise<Watch> {
  const request = get(`${url}/status/events`, { agent: false })
  t.teardown(() => request.destroy())
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const news: StatusNews[] = []
  const watchers = new Set<() => void>()
  let report: StatusReport | undefined
  let rest = ''
  response.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\n\n')
    rest = messages.pop() ?? ''
    for (const message of messages) {
      const one = JSON.parse(message.replace(/^data: /, '')) as StatusNews
      news.push(one)
      report = merge(report, one)
      for (const look of watchers) look()
    }
  })
  response.on('error', () => {})
  const closed = new Promise<void>((resolve) => response.once('close', resolve))
  return {
    response,
    news,
    closed,
    sees: (what, wanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (report === undefined || !wanted(report)) return
          watchers.delete(look)
          resolve(report)
        }
        watchers.add(look)
        void closed.then(() => reject(new Error(`closed before ${what}: ${JSON.stringify(report)}`)))
        look()
      }),
  }
}
