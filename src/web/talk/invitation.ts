import { element } from '../shared/element.ts'
import { urlAt } from '../shared/url-at.ts'

/** For so long a button says that it has done it, in milliseconds. */
const SAID_MS = 2_000

/** The address for others, which is not always the one in this browser, and a room that nobody else has. */
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

/** A word that is easy to say over the phone, and hard to guess. */
function newRoom(): string {
  const [consonants, vowels] = ['bdfghklmnprstvz', 'aeiou']
  const numbers = crypto.getRandomValues(new Uint8Array(8))
  return Array.from(numbers, (number, at) => pick(at % 2 === 0 ? consonants : vowels, number)).join('')
}

function pick(letters: string, number: number): string {
  return letters.charAt(number % letters.length)
}
