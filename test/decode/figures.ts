/** Results of a stream. */
export interface Figures {
  readonly name: string
  joins: number
  skips: number
  /** Lines that decoders printed. */
  complaints: number
  lostFrames: number
  wrongSamples: number
  /** For each decoded piece, the number of frames until the sound was correct. */
  readonly framesUntilExact: number[]
  /** Descriptions of faults. */
  readonly faults: string[]
}

export function noFigures(name: string): Figures {
  const zero = { joins: 0, skips: 0, complaints: 0, lostFrames: 0, wrongSamples: 0 }
  return { name, ...zero, framesUntilExact: [], faults: [] }
}

const HEADINGS = ['stream', 'joins', 'skips', 'complaints', 'lost frames', 'wrong samples', 'exact after, mean', 'max']

/** Formats a table in Markdown. */
export function tableOf(all: readonly Figures[]): string {
  const rows = all.map((figures) => {
    const { joins, skips, complaints, lostFrames, wrongSamples, framesUntilExact } = figures
    const mean = framesUntilExact.reduce((sum, frames) => sum + frames, 0) / framesUntilExact.length
    const most = framesUntilExact.reduce((max, frames) => Math.max(max, frames), 0)
    const counts = [joins, skips, complaints, lostFrames, wrongSamples].map(String)
    return [figures.name, ...counts, mean.toFixed(2), most.toFixed(2)]
  })
  const widths = HEADINGS.map((heading, i) => Math.max(...[heading, ...rows.map((row) => row[i] ?? '')].map(lengthOf)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(HEADINGS), line(rule), ...rows.map(line)].join('\n')
}

function lengthOf(text: string): number {
  return text.length
}
