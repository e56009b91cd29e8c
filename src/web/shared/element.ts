/** Elements of a page, and their texts. */

/** Returns the element of the page that matches a selector. @throws TypeError when none does, or its type is another */
export function element<T extends Element>(selector: string, kind: new () => T): T {
  const found = document.querySelector(selector)
  if (found instanceof kind) return found
  throw new TypeError(`the page has no ${kind.name} at ${selector}`)
}

/** Finds the parts of a copy of a template: `data-part="name"`. */
export type Parts = <T extends Element>(name: string, kind: new () => T) => T

/** @throws TypeError, of the finder, when the part is missing, or its type is another */
export function partsOf(root: ParentNode): Parts {
  return (name, kind) => {
    const found = root.querySelector(`[data-part="${name}"]`)
    if (found instanceof kind) return found
    throw new TypeError(`there is no ${kind.name} named ${name}`)
  }
}

/**
 * Sets the text of an element, unless it is unchanged: screen readers repeat text that is set again, and a selection in it
 * would be lost. The text is never parsed as HTML.
 */
export function setText(shown: Element, text: string): void {
  if (shown.textContent !== text) shown.textContent = text
}
