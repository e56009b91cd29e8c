import { element } from './element.ts'

/** Time for which a button confirms a copy, in milliseconds. */
const CONFIRMED_MS = 2_000

/** Copies an address when a button is pressed. The button is hidden where browsers do not allow it. */
export function copyOnPress(button: HTMLButtonElement, address: string): void {
  const label = button.textContent
  // Only pages loaded over HTTPS, or from this machine, may write to the clipboard.
  button.hidden = !window.isSecureContext
  const copy = async () => {
    await navigator.clipboard.writeText(address)
    button.textContent = 'Copied'
    button.disabled = true
    setTimeout(() => {
      button.textContent = label
      button.disabled = false
    }, CONFIRMED_MS)
  }
  button.addEventListener('click', () => void copy())
}

/** Links to an address over HTTPS, at which browsers allow the microphone, or asks for HTTPS to be enabled first. */
export function showHttpsLink(address: string): void {
  const url = new URL(address)
  url.protocol = 'https:'
  const link = element('#remedy a', HTMLAnchorElement)
  link.href = url.href
  // The fragment may be a secret.
  link.textContent = url.href.replace(/#.*/, '')
  element('#no-tls', HTMLElement).hidden = element('main', HTMLElement).dataset['tls'] === 'on'
}
