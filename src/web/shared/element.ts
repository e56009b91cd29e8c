/** Returns the element of the page that matches a selector. @throws TypeError when none does, or its type is another */
export function element<T extends Element>(selector: string, kind: new () => T): T {
  const found = document.querySelector(selector)
  if (found instanceof kind) return found
  throw new TypeError(`the page has no ${kind.name} at ${selector}`)
}
