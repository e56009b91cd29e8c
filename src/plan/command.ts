/** A program to run: words that are run as they are, or a line for `sh -c`. */
export type Command =
  | { readonly kind: 'words'; readonly file: string; readonly args: readonly string[] }
  | { readonly kind: 'shell'; readonly line: string }
