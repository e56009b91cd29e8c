/** Charts of the cost of listeners, readable on light and on dark pages. */

import { type FanoutResult, typical } from './fanout.ts'
import type { Measurement } from './measure.ts'

interface Panel {
  readonly title: string
  readonly value: (round: Measurement) => number
  readonly scaleOf: (values: readonly number[]) => Scale
}

/** Maps values to positions on an axis, from 0 (start) to 1 (end). */
interface Scale {
  readonly marks: readonly number[]
  place(value: number): number
}

const PANELS: readonly Panel[] = [
  { title: 'CPU for each listener and second, µs', value: (round) => round.cpuUsPerListener, scaleOf: byDecades },
  { title: 'memory of the server, MB', value: (round) => round.memoryMb, scaleOf: evenly },
]

/** In pixels. */
const WIDTH = 400
const HEIGHT = 240
const MARGIN = { left: 50, right: 20, top: 40, bottom: 50 }
const PANEL_WIDTH = MARGIN.left + WIDTH + MARGIN.right
const LEGEND_TOP = MARGIN.top + HEIGHT + MARGIN.bottom
const LEGEND_STEP = 185
const EVEN_MARKS = 5

/** Line styles of the servers, in order; with red-green colour blindness they still differ, also by their dashes. */
const LINES = ['#0072b2', '#56b4e9', '#999999', '#009e73', '#d55e00'] as const
const DASHES = ['none', '6 3', '2 3', '5 2', '8 3 2 3'] as const

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #222 }
  .title { font-weight: 600 }
  .grid { stroke: #8886; stroke-width: 1 }
  .line { fill: none; stroke-width: 2 }
  @media (prefers-color-scheme: dark) { text { fill: #ddd } }`

/** @returns an SVG; without results, one without lines. */
export function chartOf(fanout: readonly FanoutResult[]): string {
  const servers = [...new Set(fanout.map(({ server }) => server))]
  const panels = PANELS.map((panel, i) => panelOf(panel, fanout, servers, i * PANEL_WIDTH))
  const legend = servers.map((server, i) => legendEntry(server, i))
  const size = `width="${PANEL_WIDTH * PANELS.length}" height="${LEGEND_TOP + 20}"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${PANEL_WIDTH * PANELS.length} ${LEGEND_TOP + 20}">`,
    '<title>What listeners cost, by how many there are</title>',
    `<style>${STYLE}\n</style>`,
    ...panels.flat(),
    ...legend.flat(),
    '</svg>\n',
  ].join('\n')
}

function panelOf(panel: Panel, fanout: readonly FanoutResult[], servers: readonly string[], left: number): string[] {
  const sizes = [...new Set(fanout.map(({ listeners }) => listeners))]
  const scale = panel.scaleOf(fanout.map((one) => typical(one, panel.value)))
  const least = Math.min(...sizes)
  const most = Math.max(...sizes)
  // Logarithmic: sizes are powers of ten and values between them.
  const x = (listeners: number) =>
    left + MARGIN.left + (most === least ? 0.5 : Math.log(listeners / least) / Math.log(most / least)) * WIDTH
  const y = (value: number) => MARGIN.top + HEIGHT * (1 - scale.place(value))
  const lines = servers.flatMap((server, i) => {
    const ours = fanout.filter((one) => one.server === server)
    return lineOf(
      ours.map((one) => [x(one.listeners), y(typical(one, panel.value))]),
      i,
    )
  })
  return [
    text(left + MARGIN.left, 20, panel.title, 'start', 'title'),
    ...gridOf(left, scale.marks, y),
    ...ticksOf(sizes, x),
    ...lines,
  ]
}

function gridOf(left: number, marks: readonly number[], y: (value: number) => number): string[] {
  const from = left + MARGIN.left
  return marks.flatMap((value) => [
    `<path class="grid" d="M${from} ${y(value).toFixed(1)}h${WIDTH}"/>`,
    text(from - 6, y(value) + 4, value.toLocaleString('en'), 'end'),
  ])
}

function ticksOf(sizes: readonly number[], x: (listeners: number) => number): string[] {
  return sizes.map((listeners) =>
    text(x(listeners), MARGIN.top + HEIGHT + 20, listeners.toLocaleString('en'), 'middle'),
  )
}

function lineOf(points: readonly (readonly [x: number, y: number])[], server: number): string[] {
  const places = points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`)
  const { color, dash } = lookOf(server)
  return [
    `<path class="line" stroke="${color}" stroke-dasharray="${dash}" d="M${places.join('L')}"/>`,
    ...points.map(([x, y]) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="${color}"/>`),
  ]
}

function legendEntry(server: string, i: number): string[] {
  const left = MARGIN.left + i * LEGEND_STEP
  const { color, dash } = lookOf(i)
  return [
    `<path class="line" stroke="${color}" stroke-dasharray="${dash}" d="M${left} ${LEGEND_TOP}h28"/>`,
    text(left + 36, LEGEND_TOP + 4, server, 'start'),
  ]
}

function lookOf(server: number): { color: string; dash: string } {
  return { color: LINES[server % LINES.length] ?? LINES[0], dash: DASHES[server % DASHES.length] ?? DASHES[0] }
}

function text(x: number, y: number, words: string, anchor: string, style = ''): string {
  const attributes = `x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"`
  return `<text ${attributes}${style === '' ? '' : ` class="${style}"`}>${words}</text>`
}

/** A linear scale from 0 to a round number above all values. */
function evenly(values: readonly number[]): Scale {
  const most = Math.max(1, ...values)
  const power = 10 ** Math.floor(Math.log10(most))
  const top = power * ([1, 2, 4, 6, 8].find((step) => step * power >= most) ?? 10)
  return {
    marks: Array.from({ length: EVEN_MARKS }, (_, i) => (top * i) / (EVEN_MARKS - 1)),
    place: (value) => value / top,
  }
}

/** A logarithmic scale from one power of ten to another. */
function byDecades(values: readonly number[]): Scale {
  const first = Math.floor(Math.log10(Math.min(10, ...values)))
  const last = Math.ceil(Math.log10(Math.max(100, ...values)))
  const marks = Array.from({ length: last - first }, (_, i) => [1, 2, 5].map((step) => step * 10 ** (first + i)))
  return {
    marks: [...marks.flat(), 10 ** last],
    place: (value) => (Math.log10(value) - first) / (last - first),
  }
}
