import type { StreamStatus } from '../../status/report.ts'
import { encodePath } from '../../stream/encode-path.ts'
import { urlAt } from '../shared/url-at.ts'
import { showCode } from './code-dialog.ts'
import { copyText } from './copy-text.ts'
import { type Parts, say } from './parts.ts'

/** Time for which a copy is confirmed, in milliseconds. */
const SAY_COPIED_MS = 3_000

/** The ways to listen to a stream. @returns shows the address that a report names. */
export function connectLinks(parts: Parts, path: string, address: string): (stream: StreamStatus) => void {
  const link = parts('address', HTMLAnchorElement)
  const encoded = encodePath(path)
  const name = path === '/' ? 'live' : encoded.slice(1)
  parts('m3u', HTMLAnchorElement).href = urlAt(`player/${name}.m3u`)
  parts('pls', HTMLAnchorElement).href = urlAt(`player/${name}.pls`)
  parts('code', HTMLButtonElement).addEventListener('click', () => showCode(path, address + encoded))
  connectCopy(parts('copy', HTMLButtonElement), parts('copied', HTMLElement), link)
  return ({ listen }) => {
    link.href = address + listen
    say(link, address + listen)
  }
}

function connectCopy(button: HTMLButtonElement, answer: HTMLElement, link: HTMLAnchorElement): void {
  let timer: ReturnType<typeof setTimeout>
  const copy = async () => {
    say(answer, (await copyText(link)) ? 'Copied.' : 'This browser lets no page copy. The address is selected.')
    clearTimeout(timer)
    timer = setTimeout(() => say(answer, ''), SAY_COPIED_MS)
  }
  button.addEventListener('click', () => void copy())
}
