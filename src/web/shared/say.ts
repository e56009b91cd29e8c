/** Puts text into an element, unless it is there already: screen readers say again what is written again. */
export function say(where: Element, text: string): void {
  if (where.textContent !== text) where.textContent = text
}
