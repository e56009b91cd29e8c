import type { StreamStatus } from '../../status/report.ts'
import { curveOf, describeCurve, drawCurve } from './chart.ts'
import { type Parts, say } from './parts.ts'
import { countWords } from './words.ts'

/** @returns shows how many listen to a stream over time; it is drawn anew only when there is another point. */
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
    say(from, `${curve.width} ago`)
    say(most, curve.most === 0 ? 'No listeners in this time' : `${countWords(curve.most, 'listener')} at the most`)
  }
}
