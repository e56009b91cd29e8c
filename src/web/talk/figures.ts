import { element, setText } from '../shared/element.ts'
import type { Call, Figures } from './call.ts'

/** Update interval, in milliseconds. */
const EVERY_MS = 1_000
const NAMES = { opus: 'Opus', pcm: 'PCM, 16 bit' } as const

/** Shows the figures of a call until the returned function is called. */
export function showFigures(call: Call): () => void {
  const line = element('#figures', HTMLElement)
  const update = () => setText(line, inWords(call.figures()))
  update()
  const timer = setInterval(update, EVERY_MS)
  return () => clearInterval(timer)
}

function inWords({ codec, roundTripMs, heldBackMs, received, missing }: Figures): string {
  const network = roundTripMs === undefined ? [] : [`Round trip to the server: ${Math.ceil(roundTripMs)} ms.`]
  if (codec === undefined) return network.join('')
  const lost = received === 0 ? 0 : missing / (received + missing)
  return [
    `Sound: ${NAMES[codec]}, delayed by ${Math.round(heldBackMs)} ms to even out the network.`,
    `Lost: ${(lost * 100).toFixed(1)} %.`,
    ...network,
  ].join(' ')
}
