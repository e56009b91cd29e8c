import type { PageRequest } from '../page-request.ts'

/** Maximum size of a form, in bytes: all parameters are paths and numbers. */
const MAX_FORM_BYTES = 16 * 1024

/** Returns the parameters of a request: those of the URL, and of a form that was sent by POST. */
export async function parametersOf({ query, message }: PageRequest): Promise<(name: string) => string | undefined> {
  const isForm = message.method === 'POST' && /^application\/x-www-form-urlencoded/i.test(typeOf(message))
  const form = new URLSearchParams(isForm ? await textOf(message) : '')
  return (name) => query.get(name) || form.get(name) || undefined
}

function typeOf({ headers }: PageRequest['message']): string {
  return headers['content-type'] ?? ''
}

/** A longer form is cut. */
async function textOf(message: PageRequest['message']): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > MAX_FORM_BYTES) break
  }
  return Buffer.concat(chunks).subarray(0, MAX_FORM_BYTES).toString()
}
