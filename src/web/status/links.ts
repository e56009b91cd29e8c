import { playlistPath } from '../../endpoints/player/playlist-files.ts'
import type { StreamStatus } from '../../status/report.ts'
import { encodePath } from '../../stream/encode-path.ts'
import { element, type Parts, setText } from '../shared/element.ts'
import { urlAt } from '../shared/url-at.ts'

/** Time for which a copy is confirmed, in milliseconds. */
const CONFIRMED_MS = 3_000

/** Connects the links and buttons of a stream. @returns a function that shows the address of a report */
export function connectLinks(parts: Parts, path: string, address: string): (stream: StreamStatus) => void {
  const link = parts('address', HTMLAnchorElement)
  const encoded = encodePath(path)
  parts('m3u', HTMLAnchorElement).href = urlAt(playlistPath(path, 'm3u').slice(1))
  parts('pls', HTMLAnchorElement).href = urlAt(playlistPath(path, 'pls').slice(1))
  parts('code', HTMLButtonElement).addEventListener('click', () => showCode(path, address + encoded))
  connectCopy(parts('copy', HTMLButtonElement), parts('copied', HTMLElement), link)
  return ({ listen }) => {
    link.href = address + listen
    setText(link, address + listen)
  }
}

function connectCopy(button: HTMLButtonElement, answer: HTMLElement, link: HTMLAnchorElement): void {
  let timer: ReturnType<typeof setTimeout>
  const copy = async () => {
    setText(answer, (await copyText(link)) ? 'Copied.' : 'Copying is not possible here. The address is selected.')
    clearTimeout(timer)
    timer = setTimeout(() => setText(answer, ''), CONFIRMED_MS)
  }
  button.addEventListener('click', () => void copy())
}

/** Copies the text of an element to the clipboard. @returns false when that is not allowed; the text is selected then. */
async function copyText(source: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent ?? '')
    return true
  } catch {
    // Over plain HTTP from another machine there is only an older method.
    return copySelected(source)
  }
}

function copySelected(source: Element): boolean {
  const selection = getSelection()
  selection?.selectAllChildren(source)
  if (!document.execCommand('copy')) return false
  selection?.removeAllRanges()
  return true
}

/** Shows the address of a stream as a QR code. @param address the one in the code. */
function showCode(path: string, address: string): void {
  const dialog = element('#code', HTMLDialogElement)
  element('#code-image', HTMLImageElement).src = urlAt(`status/qr.svg?stream=${encodePath(path)}`)
  const link = element('#code-address', HTMLAnchorElement)
  link.href = address
  link.textContent = address
  dialog.showModal()
}

/** Closes the dialog after a click beside it. */
export function closeCodeByClick(): void {
  const dialog = element('#code', HTMLDialogElement)
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog) dialog.close()
  })
}
