import { element } from '../shared/element.ts'
import { copyOnPress, showHttpsLink } from '../shared/sharing.ts'
import { urlAt } from '../shared/url-at.ts'

/** Shows the address to share, which may differ from the one in this browser, and links to a new, unused room. */
export function prepareInvitation(): void {
  const { address = location.href, tls } = element('main', HTMLElement).dataset
  copyOnPress(element('#copy', HTMLButtonElement), address)
  element('#another', HTMLAnchorElement).href = urlAt(`talk/${newRoom()}`)
  showHttpsLink(address)
  element('#has-tls', HTMLElement).hidden = tls !== 'on'
}

/** Returns a word that is easy to pronounce over the phone, and hard to guess. */
function newRoom(): string {
  const [consonants, vowels] = ['bdfghklmnprstvz', 'aeiou']
  const numbers = crypto.getRandomValues(new Uint8Array(8))
  return Array.from(numbers, (number, at) => pick(at % 2 === 0 ? consonants : vowels, number)).join('')
}

function pick(letters: string, number: number): string {
  return letters.charAt(number % letters.length)
}
