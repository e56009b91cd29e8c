import { printable } from '../text/printable.ts'

/** Maximum length of untrusted text in a report, in characters. */
const LONGEST = 500

/** @returns untrusted text as one line of bounded length, without control characters. */
export function toldText(text: string): string {
  return printable(text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text)
}
