import type { HubStatus } from '../../status/hub-report.ts'
import { timeWords } from '../../text/time-words.ts'
import { element, setText } from '../shared/element.ts'
import { showFactList } from './fact-list.ts'
import { hearsWords, hubFacts } from './hub-words.ts'
import { numberWords } from './words.ts'

/** Maximum number of edges in the table. The JSON has all of them. */
const MOST_EDGES = 100

/** Shows the hub and its edges, if there is one. @param now the time of the report. */
export function showHub(hub: HubStatus | null, now: number): void {
  element('#hub', HTMLElement).hidden = hub === null
  if (hub === null) return
  const state = element('#hub-state', HTMLElement)
  setText(state, `${hub.isConnected ? 'Connected' : 'Away'} for ${timeWords(now - Date.parse(hub.since))}`)
  state.dataset['state'] = !hub.isConnected ? 'bad' : hub.problem === null ? 'good' : 'busy'
  const problem = element('#hub-problem', HTMLElement)
  problem.hidden = hub.problem === null
  setText(problem, hub.problem ?? '')
  showFactList(element('#hub-facts', HTMLElement), hubFacts(hub))
  showEdges(hub.edges)
}

/** Rows are changed in place, so that a selection stays. */
function showEdges(edges: HubStatus['edges']): void {
  element('#hub-edges', HTMLElement).hidden = edges.length === 0
  const body = element('#hub-edges tbody', HTMLTableSectionElement)
  const rows = edges
    .slice(0, MOST_EDGES)
    .map(({ name, listeners, hears }) => [name, numberWords(listeners), hearsWords(hears)])
  while (body.rows.length > rows.length) body.deleteRow(-1)
  for (const [at, texts] of rows.entries()) {
    const row = body.rows[at] ?? emptyRow(body)
    for (const [column, text] of texts.entries()) setText(row.children[column] ?? row, text)
  }
  const more = element('#hub-more', HTMLElement)
  more.hidden = edges.length <= MOST_EDGES
  setText(more, `… and ${numberWords(edges.length - MOST_EDGES)} more`)
}

function emptyRow(body: HTMLTableSectionElement): HTMLTableRowElement {
  const row = body.insertRow()
  const name = document.createElement('th')
  name.scope = 'row'
  row.append(name, document.createElement('td'), document.createElement('td'))
  return row
}
