import { setText } from '../shared/element.ts'
import type { Fact } from './fact.ts'

/** Shows figures as a list of terms and values. */
export function showFactList(list: HTMLElement, facts: readonly Fact[]): void {
  const isOther = list.childElementCount !== facts.length || facts.some(([term], at) => termAt(list, at) !== term)
  if (isOther) list.replaceChildren(...facts.map(([term]) => emptyFact(term)))
  for (const [at, [, text]] of facts.entries()) {
    const value = list.children[at]?.lastElementChild
    if (value) setText(value, text)
  }
}

function termAt(list: HTMLElement, at: number): string | null | undefined {
  return list.children[at]?.firstElementChild?.textContent
}

function emptyFact(term: string): Element {
  const fact = document.createElement('div')
  const [name, value] = [document.createElement('dt'), document.createElement('dd')]
  name.textContent = term
  fact.append(name, value)
  return fact
}
