/** Scripts are in `assets/`, one level below the root of the server, which may itself be below a path of a proxy. */
const ROOT = new URL('..', import.meta.url)

/** Returns the URL of a path on this server. @param path from the root of the server, encoded, without a leading slash */
export function urlAt(path: string): string {
  return new URL(`./${path}`, ROOT).href
}
