/** Formats text for groff's man macros. */
import { bareFlag } from '../flags.ts'
import { wrap } from '../wrap.ts'

/** Maximum line length of the page's source, in characters, for readability only: man refills the text. */
const longestLine = 78

const signs: Readonly<Record<string, string>> = {
  '\\': '\\(rs',
  // An unescaped one may be shown as a hyphen that a shell does not accept as a dash.
  '-': '\\-',
  "'": '\\(aq',
  '"': '\\(dq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
}

/** Escapes a part of a line. */
export function literal(text: string): string {
  return text.replace(/[\\'"`^~-]|[^ -~]/gu, (sign) => signs[sign] ?? unicode(sign))
}

function unicode(sign: string): string {
  const code = sign.codePointAt(0) ?? 0
  return `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`
}

export function bold(text: string): string {
  return `\\fB${literal(text)}\\fP`
}

export function italic(text: string): string {
  return `\\fI${literal(text)}\\fP`
}

/** Formats a paragraph, with flags of streamserve in bold. */
export function prose(text: string): string {
  const parts = text.split(/(?<=^|[\s(])(-[a-z-]+)/)
  const marked = parts.map((part) => (bareFlag(part) === undefined ? literal(part) : bold(part))).join('')
  return wrap(marked, longestLine).map(textLine).join('\n')
}

/** Escapes a full stop at the beginning of a line, which would make the line a request. */
function textLine(line: string): string {
  return line.startsWith('.') ? `\\&${line}` : line
}

/** Formats the text as a sentence: with a capital letter at its beginning and a full stop at its end. */
export function sentence(text: string): string {
  return prose(`${text.charAt(0).toUpperCase()}${text.slice(1)}.`)
}

/** Formats an entry of a list: the term, and its indented description. */
export function entry(tag: string, ...lines: readonly string[]): string {
  return ['.TP', tag, ...lines].join('\n')
}

/** Formats lines that are not filled. */
export function verbatim(lines: readonly string[]): string {
  return ['.PP', '.RS 4', '.nf', ...lines.map((line) => textLine(literal(line))), '.fi', '.RE'].join('\n')
}
