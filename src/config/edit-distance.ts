/** Returns the number of letters to add, remove or replace to change one word into the other (Levenshtein). */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let i = 1; i <= from.length; i++) row = nextRow(row, from.charCodeAt(i - 1), i, to)
  return row.at(-1) ?? 0
}

function nextRow(above: readonly number[], letter: number, first: number, to: string): number[] {
  const row = [first]
  for (let j = 1; j <= to.length; j++) {
    const replaced = cost(above[j - 1]) + (letter === to.charCodeAt(j - 1) ? 0 : 1)
    row.push(Math.min(replaced, cost(above[j]) + 1, cost(row[j - 1]) + 1))
  }
  return row
}

function cost(cell: number | undefined): number {
  return cell ?? Number.POSITIVE_INFINITY
}
