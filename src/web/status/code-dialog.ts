import { encodePath } from '../../stream/encode-path.ts'
import { element } from '../shared/element.ts'
import { urlAt } from '../shared/url-at.ts'

/** Shows the address of a stream as a QR code. @param address the same that the server puts into the code. */
export function showCode(path: string, address: string): void {
  const dialog = element('#code', HTMLDialogElement)
  element('#code-image', HTMLImageElement).src = urlAt(`status/qr.svg?stream=${encodePath(path)}`)
  const link = element('#code-address', HTMLAnchorElement)
  link.href = address
  link.textContent = address
  dialog.showModal()
}

/** A click beside the dialog closes it, as people expect. */
export function closeCodeByClick(): void {
  const dialog = element('#code', HTMLDialogElement)
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog) dialog.close()
  })
}
