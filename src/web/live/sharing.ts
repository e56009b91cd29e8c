import { element } from '../shared/element.ts'

/** Time for which a button shows its success, in milliseconds. */
const SAID_MS = 2_000

/** Shows the address for listeners, and the HTTPS one, at which browsers allow the microphone. */
export function prepareSharing(): void {
  const { address = '', tls } = element('main', HTMLElement).dataset
  const copy = element('#copy', HTMLButtonElement)
  const said = copy.textContent
  copy.hidden = !window.isSecureContext
  const copyAddress = async () => {
    await navigator.clipboard.writeText(address)
    copy.textContent = 'Copied'
    setTimeout(() => (copy.textContent = said), SAID_MS)
  }
  copy.addEventListener('click', () => void copyAddress())
  const link = element('#remedy a', HTMLAnchorElement)
  link.href = secure(location.href)
  link.textContent = secure(location.href.replace(/#.*/, ''))
  element('#no-tls', HTMLElement).hidden = tls === 'on'
}

function secure(address: string): string {
  const url = new URL(address)
  url.protocol = 'https:'
  return url.href
}
