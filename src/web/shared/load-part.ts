import { urlAt } from './url-at.ts'

/** Loads a part of a page that not all pages need. @param name of its file: `NAME.part.ts` @throws Error when the server does not answer */
export async function loadPart<Part>(name: string): Promise<Part> {
  return (await import(urlAt(`assets/${name}.part.js`))) as Part
}
