/** Credentials of administrators in tests. */
export const PASSWORD = 'pass-word'
const AS_ADMIN: Readonly<Record<string, string>> = { Authorization: basic('admin', PASSWORD) }

/** Value of `Authorization`. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

interface AdminRequest extends RequestInit {
  readonly headers?: Readonly<Record<string, string>>
}

/** Requests `/admin/NAME` as an administrator. */
export function ask(url: string, name: string, options: AdminRequest = {}): Promise<Response> {
  return fetch(`${url}/admin/${name}`, { ...options, headers: { ...AS_ADMIN, ...options.headers } })
}

/** Returns the text of a response, which must have this status. */
export async function textOf(answer: Promise<Response>, status = 200): Promise<string> {
  const response = await answer
  const text = await response.text()
  if (response.status !== status) throw new Error(`${response.status}: ${text}`)
  return text
}

/** Returns the ids of the listeners in a `listclients` document. */
export function idsIn(xml: string): string[] {
  return Array.from(xml.matchAll(/<ID>(\d+)<\/ID>/g), ([, id = '']) => id)
}
