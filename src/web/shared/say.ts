/** Sets the text of an element, unless it is unchanged: screen readers repeat text that is set again. */
export function say(where: Element, text: string): void {
  if (where.textContent !== text) where.textContent = text
}
