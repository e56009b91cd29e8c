import { element, type XmlElement, xmlDocument } from '../../text/xml.ts'

/** Response to an administrator. */
export interface AdminAnswer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** Forms of a response: XML, and under the name of a command with `.json`, JSON as Icecast 2.5 makes it of the XML. */
export type AdminForm = 'xml' | 'json'

/** Why a command cannot be executed, in one line. Its status is 400, as with Icecast. */
export class CommandRefused extends Error {}

const NAMESPACES: Readonly<Record<string, string>> = {
  icestats: 'http://icecast.org/specs/legacystats-0.0.1',
  iceresponse: 'http://icecast.org/specs/legacyresponse-0.0.1',
}
/** Names that Icecast 2.5 writes in another way than 2.4, whose names are in the XML because tools read them. */
const LATER_NAMES: Readonly<Record<string, string>> = {
  ID: 'id',
  IP: 'ip',
  UserAgent: 'useragent',
  Connected: 'connected',
  Listeners: 'listeners',
}

/** Result of an action. @param isDone false: there was nothing to do it with */
export function actionResult(message: string, isDone: boolean): XmlElement {
  return element('iceresponse', [element('message', message), element('return', isDone ? 1 : 0)])
}

export function answerOf(root: XmlElement, form: AdminForm): AdminAnswer {
  if (form === 'xml') return { status: 200, type: 'text/xml; charset=utf-8', body: xmlDocument(root) }
  const body = `${JSON.stringify(jsonOf(root))}\n`
  return { status: 200, type: 'application/json; charset=utf-8', body }
}

/** Icecast 2.5 writes a document as an array: its name, and its content. */
function jsonOf(root: XmlElement): unknown {
  return [{ name: root.name, ns: NAMESPACES[root.name] }, fieldsOf(root)]
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

function fieldsOf({ content }: XmlElement): Record<string, Json> {
  const fields: Record<string, Json> = {}
  const sources: Record<string, Json> = {}
  const listeners: Json[] = []
  for (const child of typeof content === 'object' ? content : []) {
    if (child.name === 'source') sources[child.attributes?.['mount'] ?? ''] = fieldsOf(child)
    else if (child.name === 'listener') listeners.push(fieldsOf(child))
    else if (child.name === 'return') fields['success'] = child.content === 1
    else fields[LATER_NAMES[child.name] ?? child.name] = valueOf(child)
  }
  return {
    ...fields,
    ...(Object.keys(sources).length === 0 ? {} : { source: sources }),
    ...(listeners.length === 0 ? {} : { listener: listeners }),
  }
}

function valueOf(child: XmlElement): Json {
  const { name, content } = child
  if (name === 'public') return content === 1
  if (name === 'max_listeners' && content === 'unlimited') return null
  if (name === 'trackList') return typeof content === 'object' ? content.map((track) => fieldsOf(track)) : []
  if (name === 'playlist') return { playlist: playlistOf(child) }
  return typeof content === 'object' ? fieldsOf(child) : content
}

function playlistOf(playlist: XmlElement): Json {
  const { trackList = [] } = fieldsOf(playlist)
  return { track: trackList }
}
