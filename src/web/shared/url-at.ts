/** Scripts are in `assets/`, one level below the root of the server, which may itself be below a path of a proxy. */
const ROOT = new URL('..', import.meta.url)

/** Returns the absolute URL of a path on this server. @param path from the root of the server, without a leading slash, encoded. */
export function urlAt(path: string): string {
  return new URL(`./${path}`, ROOT).href
}
