import type { StreamStatus } from '../../status/report.ts'
import { setText } from '../shared/element.ts'
import { byteWords, numberWords, percentWords, rateWords } from './words.ts'

/** Shows the figures of a stream as a list of terms and values. */
export function showFacts(list: HTMLElement, stream: StreamStatus): void {
  const facts = factsOf(stream)
  if (list.childElementCount !== facts.length) list.replaceChildren(...facts.map(([term]) => emptyFact(term)))
  for (const [at, [, text]] of facts.entries()) {
    const value = list.children[at]?.lastElementChild
    if (value) setText(value, text)
  }
}

type Fact = readonly [term: string, text: string]

function factsOf(stream: StreamStatus): Fact[] {
  const { source, bitsPerSecond, framesSent, framesSkipped, bytesIn, bytesOut, invalidBytes } = stream
  return [
    ['Bit rate', bitsPerSecond === null ? '–' : rateWords(bitsPerSecond)],
    ['Read', byteWords(bytesIn) + (invalidBytes === 0 ? '' : `, ${byteWords(invalidBytes)} invalid`)],
    ['Sent', byteWords(bytesOut)],
    ['Frames sent', numberWords(framesSent)],
    ['Frames skipped', skippedWords(framesSent, framesSkipped)],
    ...(source.leftOut === null ? [] : [['Files skipped', source.leftOut] as const]),
  ]
}

function skippedWords(sent: number, skipped: number): string {
  return skipped === 0 ? 'none' : `${numberWords(skipped)} (${percentWords(skipped / (sent + skipped))})`
}

function emptyFact(term: string): Element {
  const fact = document.createElement('div')
  const [name, value] = [document.createElement('dt'), document.createElement('dd')]
  name.textContent = term
  fact.append(name, value)
  return fact
}
