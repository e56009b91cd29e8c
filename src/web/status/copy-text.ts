/** Puts the text of an element on the clipboard. @returns false when the browser does not let it; the text is selected then. */
export async function copyText(element: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(element.textContent ?? '')
    return true
  } catch {
    // Over plain HTTP the clipboard API exists only on the machine itself; an older method still works.
    return copySelected(element)
  }
}

function copySelected(element: Element): boolean {
  const selection = getSelection()
  selection?.selectAllChildren(element)
  if (!document.execCommand('copy')) return false
  selection?.removeAllRanges()
  return true
}
