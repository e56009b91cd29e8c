import { element, setText } from '../shared/element.ts'
import { copyOnPress } from '../shared/sharing.ts'

/**
 * Connects the buttons that pass the page on. A proxy may add a path that only the browser knows.
 * @param page address of the page, relative to this one. @param name of the stream
 */
export function connectShare(page: string, name: string): void {
  const url = new URL(page, location.href).href
  const link = element('#share a', HTMLAnchorElement)
  link.href = url
  setText(link, readable(url))
  const send = element('#send', HTMLButtonElement)
  send.hidden = !('share' in navigator)
  // It is rejected when the user chooses no other program.
  send.addEventListener('click', () => void navigator.share({ title: name, url }).catch(() => {}))
  copyOnPress(element('#copy-link', HTMLButtonElement), url)
}

/** Returns an address with its letters, where it has percent signs for them. */
function readable(url: string): string {
  try {
    return decodeURI(url)
  } catch {
    return url
  }
}
