/** Maximum length of the address of a page, in characters. */
export const MAX_WEB_ADDRESS = 500
/** Visible ASCII, as in RFC 3986. An apostrophe would end the address in ICY metadata. */
const WEB_ADDRESS = /^https?:\/\/[!-&(-~]+$/i

/** Whether a text is the address of a page that may be passed on to players. */
export function isWebAddress(text: string): boolean {
  return text.length <= MAX_WEB_ADDRESS && WEB_ADDRESS.test(text) && URL.canParse(text)
}
