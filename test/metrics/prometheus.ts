import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { freePort } from '../free-port.ts'
import { until } from '../processes.ts'

/** A value of an instant query. */
interface Found {
  readonly metric: Readonly<Record<string, string>>
  readonly value: number
}

/** A Prometheus that scrapes one program every second, as the job `streamserve`. */
export interface Prometheus {
  /** Returns the values of a query, now. @throws the reason when Prometheus refuses it */
  query(text: string): Promise<readonly Found[]>
  /** Resolved when a query has one value that is wanted. */
  finds(text: string, wanted: (value: number) => boolean): Promise<void>
}

interface Answer {
  readonly status: 'success' | 'error'
  readonly error?: string
  readonly data: { readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] }
}

/** Starts Prometheus, which is ended with the test. @param port of the program on the loopback interface */
export async function startPrometheus(t: Test, port: number): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-'))
  const own = await freePort()
  writeFileSync(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 1s }
scrape_configs:
  - job_name: streamserve
    static_configs: [{ targets: ['127.0.0.1:${port}'] }]
`,
  )
  const data = join(folder, 'data')
  const flags = [`--storage.tsdb.path=${data}`, `--web.listen-address=127.0.0.1:${own}`, '--log.level=error']
  const child = spawn('prometheus', [`--config.file=${join(folder, 'prometheus.yml')}`, ...flags], { stdio: 'ignore' })
  const exited = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
    rmSync(folder, { recursive: true })
  })
  const query = async (text: string) => {
    const address = `http://127.0.0.1:${own}/api/v1/query?${new URLSearchParams({ query: text }).toString()}`
    const answer = (await (await fetch(address)).json()) as Answer
    if (answer.status !== 'success') throw new Error(`${text}: ${answer.error}`)
    return answer.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
  }
  const isUp = () =>
    query('up').then(
      ([found]) => found?.value === 1,
      () => false,
    )
  await until('Prometheus has scraped', isUp)
  return {
    query,
    finds: (text, wanted) =>
      until(text, async () => {
        const found = await query(text)
        return found.length === 1 && wanted(found[0]?.value ?? Number.NaN)
      }),
  }
}
