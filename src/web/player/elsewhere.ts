import { element } from '../shared/element.ts'
import { say } from '../shared/say.ts'

/** The button that copies the stream's address. */
export function showElsewhere(): void {
  const copy = element('#copy', HTMLButtonElement)
  const copied = element('#copied', HTMLElement)
  const address = element('#address', HTMLElement).textContent
  // Only pages that came over HTTPS, or from this machine, may write there.
  copy.hidden = !window.isSecureContext
  copy.addEventListener('click', () => {
    void navigator.clipboard.writeText(address).then(() => say(copied, 'The address is copied.'))
  })
}
