import { element } from '../shared/element.ts'
import { urlAt } from '../shared/url-at.ts'

/** Time for which a button shows its success, in milliseconds. */
const SAID_MS = 2_000

/** Shows the address to share, which may differ from the one in this browser, and links to a new, unused room. */
export function prepareInvitation(): void {
  const { address = location.href, tls } = element('main', HTMLElement).dataset
  const copy = element('#copy', HTMLButtonElement)
  copy.addEventListener('click', () => void copyAddress(address, copy))
  element('#another', HTMLAnchorElement).href = urlAt(`talk/${newRoom()}`)
  const link = element('#remedy a', HTMLAnchorElement)
  link.href = secure(address)
  link.textContent = secure(address)
  element('#no-tls', HTMLElement).hidden = tls === 'on'
  element('#has-tls', HTMLElement).hidden = tls !== 'on'
}

async function copyAddress(address: string, button: HTMLButtonElement): Promise<void> {
  const said = button.textContent
  await navigator.clipboard.writeText(address)
  button.textContent = 'Copied'
  button.disabled = true
  setTimeout(() => {
    button.textContent = said
    button.disabled = false
  }, SAID_MS)
}

function secure(address: string): string {
  const url = new URL(address)
  url.protocol = 'https:'
  return url.href
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
