/** Finds the parts of what a template was made into: `data-part="name"`. */
export type Parts = <T extends Element>(name: string, kind: new () => T) => T

/** @throws TypeError, of the finder, when the part is missing, or its type is another */
export function partsOf(root: ParentNode): Parts {
  return (name, kind) => {
    const found = root.querySelector(`[data-part="${name}"]`)
    if (found instanceof kind) return found
    throw new TypeError(`there is no ${kind.name} named ${name}`)
  }
}

/** Text changes only where it is another one, so that what is selected stays so. Whatever it holds, it stays text. */
export function say(part: Element, text: string): void {
  if (part.textContent !== text) part.textContent = text
}
