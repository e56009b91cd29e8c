import { type CaptureCard, captureCards } from '../system/capture-cards.ts'
import { installationOf } from '../system/installation.ts'
import { printable } from '../text/printable.ts'

/** Returns what to try, for a start without flags on a terminal: at most three commands, and where the rest is. */
export function firstSteps({ command, isPackage } = installationOf(), cards = captureCards()): string {
  const own = `${command} -address :8080`
  const steps = [
    ['a built-in melody', `${own} -demo`],
    soundCard(own, cards[0]),
    ['a folder of music', `${own} -play ~/music -shuffle`],
    ['all flags', isPackage ? `${command} -help, or: man streamserve` : `${command} -help`],
  ]
  const lines = steps.map(([what, line]) => `  ${what}:\n    ${line}\n`)
  return `streamserve: needs a source of sound. To try:\n\n${lines.join('')}\nThen open http://localhost:8080/ in a browser.\n`
}

function soundCard(own: string, card: CaptureCard | undefined): readonly [what: string, line: string] {
  if (card === undefined) return ['a sound card', `${own} -exec "arecord -f cd --file-type raw"`]
  const what = `the sound card "${printable(card.name)}"`
  return [what, `${own} -exec "arecord -D plughw:CARD=${card.id} -f cd --file-type raw"`]
}
