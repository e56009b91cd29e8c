/** Paths of the pages, also of those that are disabled: a stream there would hide its page. */
const PAGES = /^\/(?:admin|assets|clip|hls|live|metrics|player|status|talk)(?:[/.-]|$)|^\/admin\.cgi$/

/** Whether a page has a path, so that no stream whose name is from outside may have it. */
export function isPagePath(path: string): boolean {
  return PAGES.test(path)
}
