import type { ListenerHistory, StreamStatus } from '../../status/report.ts'
import { timeWords } from '../../text/time-words.ts'
import { type Parts, setText } from '../shared/element.ts'
import { countWords } from './words.ts'

const SVG = 'http://www.w3.org/2000/svg'
const WIDTH = 720
const HEIGHT = 100
/** Margins, because a line on the edge would be cut in half or cover another. */
const ABOVE = 4
const BELOW = 1
/** Minimum number of points on the time axis, so that the line of a new stream does not jump. */
const FEWEST_POINTS = 60

/** @returns a function that shows the number of listeners over time; it draws only when there is a new point */
export function createCurveView(parts: Parts): (stream: StreamStatus) => void {
  const drawings = [parts('spark', SVGSVGElement), parts('chart', SVGSVGElement)]
  const [from, most] = [parts('chart-from', HTMLElement), parts('chart-most', HTMLElement)]
  let drawn = ''
  return ({ listeners, history }) => {
    const key = `${history.from + history.listeners.length} ${listeners}`
    if (key === drawn) return
    drawn = key
    const curve = curveOf(history, listeners)
    drawCurve(drawings, curve)
    drawings.at(-1)?.setAttribute('aria-label', describeCurve(curve))
    setText(from, `${curve.width} ago`)
    setText(most, curve.most === 0 ? 'No listeners in this time' : `Peak: ${countWords(curve.most, 'listener')}`)
  }
}

/** Numbers of listeners at points of time, and now. */
interface Curve {
  readonly counts: readonly number[]
  readonly most: number
  /** Duration of the history, and of the time axis, in words. */
  readonly span: string
  readonly width: string
}

function curveOf({ everySeconds, listeners }: ListenerHistory, now: number): Curve {
  const counts = [...listeners, now]
  const back = (points: number) => timeWords(points * everySeconds * 1000)
  const span = back(listeners.length)
  return { counts, most: Math.max(...counts), span, width: back(Math.max(listeners.length, FEWEST_POINTS)) }
}

/** Draws a curve into each drawing, as a line with a tint below it. */
function drawCurve(drawings: readonly SVGSVGElement[], { counts, most }: Curve): void {
  const line = stepsOf(counts, most)
  const below = `${line}V${HEIGHT}H${xOf(0, counts.length).toFixed(1)}Z`
  for (const svg of drawings) {
    const [area, stroke] = svg.childElementCount === 0 ? begin(svg) : [...svg.children]
    area?.setAttribute('d', below)
    stroke?.setAttribute('d', line)
  }
}

/** Describes the chart in words, for screen readers. */
function describeCurve({ counts, most, span }: Curve): string {
  const least = Math.min(...counts)
  const now = countWords(counts.at(-1) ?? 0, 'listener')
  return `${now} now. In the last ${span}: minimum ${least}, maximum ${most}.`
}

function begin(svg: SVGSVGElement): SVGPathElement[] {
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`)
  svg.setAttribute('preserveAspectRatio', 'none')
  const paths = ['area', 'line'].map((name) => {
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('class', name)
    return path
  })
  svg.replaceChildren(...paths)
  return paths
}

/** Returns the line as steps, because a number of listeners changes at once. */
function stepsOf(counts: readonly number[], most: number): string {
  const height = (count: number) => HEIGHT - BELOW - (count / Math.max(1, most)) * (HEIGHT - ABOVE - BELOW)
  let path = ''
  for (const [at, count] of counts.entries()) {
    const y = height(count).toFixed(1)
    if (at === 0) path = `M${xOf(at, counts.length).toFixed(1)} ${y}`
    else if (count !== counts[at - 1] || at === counts.length - 1) path += `H${xOf(at, counts.length).toFixed(1)}V${y}`
  }
  return path
}

function xOf(at: number, points: number): number {
  const steps = Math.max(FEWEST_POINTS, points) - 1
  return WIDTH - ((points - 1 - at) / steps) * WIDTH
}
