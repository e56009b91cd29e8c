import { element, setText } from '../shared/element.ts'

/**
 * Shows the stream's address, with a button that copies it. A proxy may add a path that only the browser knows.
 * @param sound address of the stream, relative to the page.
 */
export function showElsewhere(sound: string): void {
  const copy = element('#copy', HTMLButtonElement)
  const copied = element('#copied', HTMLElement)
  const address = new URL(sound, location.href).href
  setText(element('#address', HTMLElement), address)
  // Only pages loaded over HTTPS, or from this machine, may write to the clipboard.
  copy.hidden = !window.isSecureContext
  copy.addEventListener('click', () => {
    void navigator.clipboard.writeText(address).then(() => setText(copied, 'Copied.'))
  })
}
