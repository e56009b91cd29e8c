/** Scripts lie in `assets/`, one level below the root of the server, which may itself be below a path of a proxy. */
const ROOT = new URL('..', import.meta.url)

/** The address of something on this server. @param path from the root of the server, without a slash in front, encoded. */
export function urlAt(path: string): string {
  return new URL(`./${path}`, ROOT).href
}
