/** Finds the calls in source code that log a message. */

/** One call that logs. */
export interface LogCall {
  /** File and line, for messages of tests. */
  readonly place: string
  /** More than one: the call chooses between them. Empty: they are not literals. */
  readonly messages: readonly string[]
  readonly levels: readonly string[]
  /** Names of the fields, as far as they are literals. */
  readonly fields: readonly string[]
  /** Whether the call adds fields that are not literals. */
  readonly hasMoreFields: boolean
}

/** Beginning of a call: a method of a logger, one chosen by level, or a warning that is logged elsewhere. */
const BEGINNING =
  /(?:\blog|#log)\.(?<method>debug|info|warn|error)\(|(?:\blog|#log)\[[^\]]+\]\(|\bwarn\((?=\s*')|\bnew FoldedWarning\(/g

/** @param file path of the source code, for `LogCall.place`. */
export function logCallsIn(source: string, file: string): LogCall[] {
  const code = source.replaceAll(/^[ \t]*(?:\/?\*|\/\/).*$/gm, '')
  return [...code.matchAll(BEGINNING)].map((match) => {
    const [message = '', values] = listAt(code, match.index + match[0].length)
    const { fields, hasMoreFields } = fieldsOf(values)
    return {
      place: `${file}:${code.slice(0, match.index).split('\n').length}`,
      messages: messagesOf(message),
      levels: levelsOf(match[0], match.groups?.['method']),
      fields,
      hasMoreFields,
    }
  })
}

function levelsOf(beginning: string, method: string | undefined): string[] {
  if (method !== undefined) return [method]
  return beginning.includes('[') ? ['info', 'debug'] : ['warn']
}

/** Returns the text of a literal, or both of `condition ? 'one' : 'other'`. */
function messagesOf(argument: string): string[] {
  const found = /^'(?<only>[^']*)'$|\? '(?<one>[^']*)' : '(?<other>[^']*)'$/.exec(argument)?.groups
  return [found?.['only'], found?.['one'], found?.['other']].filter((text) => text !== undefined)
}

function fieldsOf(values = '{}'): Pick<LogCall, 'fields' | 'hasMoreFields'> {
  if (values.startsWith('[')) {
    return { fields: listAt(values, 1).map((name) => name.replaceAll("'", '')), hasMoreFields: true }
  }
  if (!values.startsWith('{')) return { fields: [], hasMoreFields: true }
  const parts = listAt(values, 1)
  return {
    fields: parts.filter((part) => !part.startsWith('...')).map((part) => /^\w+/.exec(part)?.[0] ?? part),
    hasMoreFields: parts.some((part) => part.startsWith('...')),
  }
}

/** Splits a list at its commas. @param start behind its opening bracket */
function listAt(code: string, start: number): string[] {
  const parts = ['']
  let depth = 0
  for (const [token] of code.slice(start).matchAll(/'[^']*'|`[^`]*`|[^]/g)) {
    if (/^[)\]}]$/.test(token) && depth-- === 0) break
    if (/^[([{]$/.test(token)) depth++
    if (token === ',' && depth === 0) parts.push('')
    else parts.push(`${parts.pop()}${token}`)
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}
