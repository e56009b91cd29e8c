/** One comment; `//` lines that follow each other are one. */
export interface Comment {
  /** Line of its beginning, counted from 1. */
  readonly line: number
  /** Without comment marks, on one line. */
  readonly text: string
}

/** Comments that begin a line, as all of ours do. */
const COMMENT = /^[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/.*(?:\n[ \t]*\/\/.*)*)/gm

/** The comments of a TypeScript, JavaScript or C file. @param source its text. */
export function commentsOf(source: string): Comment[] {
  return [...source.matchAll(COMMENT)].map(({ 0: comment, index }) => ({
    line: source.slice(0, index).split('\n').length,
    text: plain(comment.trim()),
  }))
}

function plain(comment: string): string {
  const marks = /^\/\*+|\*\/$|^\s*\/\/|^\s*\* ?/gm
  return comment.replaceAll(marks, ' ').replaceAll(/\s+/g, ' ').trim()
}

/** Idioms that replace a noun or a number of the domain. Comments that contain them are counted. */
const IDIOMS: readonly RegExp[] = [
  /\bwho(?:ever|m)? \w/i,
  /\bso (?:many|much|long|often|far|early|fast|short)\b/i,
  /\b(?:is|are|was|as) no\b(?! longer)/i,
  /\b(?:nobody|somebody|anybody|everybody|someone|others)\b/i,
  /\b(?:is|are|was|be) (?:told|said|heard|asked|given|taken|spoken|settled)\b/i,
]

/** @returns the idioms found in a text, verbatim. */
export function idiomsIn(text: string): string[] {
  return IDIOMS.flatMap((idiom) => idiom.exec(text)?.[0] ?? [])
}
