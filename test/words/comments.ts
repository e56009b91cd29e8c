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
