/** The element of the page that a selector finds. @throws TypeError when there is none, or one of another kind */
export function element<T extends Element>(selector: string, kind: new () => T): T {
  const found = document.querySelector(selector)
  if (found instanceof kind) return found
  throw new TypeError(`the page has no ${kind.name} at ${selector}`)
}
