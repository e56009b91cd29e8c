import { printable } from '../text/printable.ts'

/** In characters: what anybody wrote is told so far. */
const LONGEST = 500

/** @returns text that may have been written by anybody, on one line, of a bounded length, without control characters. */
export function toldText(text: string): string {
  return printable(text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text)
}
