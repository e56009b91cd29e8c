import { readFile } from 'node:fs/promises'
import { until } from '../processes.ts'

/** One line of an access log. */
export interface LogLine {
  readonly address: string
  readonly user: string
  readonly request: string
  readonly status: number
  readonly bytes: number
  readonly referer: string
  readonly agent: string
  readonly seconds: number
}

const QUOTED = String.raw`"((?:[^"\\]|\\.)*)"`
const LINE = new RegExp(
  String.raw`^(\S+) - (\S+) \[\d\d/[A-Z][a-z]{2}/\d{4}(?::\d\d){3} [+-]\d{4}\] ${QUOTED} (\d{3}) (\d+|-) ${QUOTED} ${QUOTED} (\d+\.\d{3})$`,
)

/** Reads the lines of a file. @throws Error when one is not in the format */
export async function readLines(file: string): Promise<LogLine[]> {
  const text = await readFile(file, 'latin1').catch(() => '')
  return text.split('\n').slice(0, -1).map(parseLine)
}

export function parseLine(line: string): LogLine {
  const match = LINE.exec(line)
  if (match === null) throw new Error(`not a line of an access log: ${line}`)
  const [, address = '', user = '', request = '', status, bytes, referer = '', agent = '', seconds] = match
  return {
    address,
    user,
    request,
    status: Number(status),
    bytes: bytes === '-' ? 0 : Number(bytes),
    referer,
    agent,
    seconds: Number(seconds),
  }
}

/** Resolves with the lines of a file when there are this many. */
export async function linesOf(file: string, count: number): Promise<LogLine[]> {
  let lines: LogLine[] = []
  await until(`${count} lines`, async () => {
    lines = await readLines(file)
    return lines.length >= count
  })
  return lines
}
