import type { TemplateValues } from './fill-in.ts'
import { isLocalClient } from './local-client.ts'
import type { PageRequest } from './page-request.ts'

/** Pages to which other pages link. */
type LinkedPage = 'listen' | 'status' | 'talk' | 'live'

/** A link on a page. */
interface PageLink extends TemplateValues {
  readonly href: string
  readonly text: string
}

/** Pages that there are. */
export interface LinkedPages {
  /** Clients that may see the status; undefined: there is none. */
  readonly status: () => 'local' | 'all' | undefined
  /** The pages for talking and for going on air. */
  readonly hasTalk: boolean
}

/** Returns the links that a page shows to a client: only to pages that this client may have. @param page the one that shows them; undefined: another */
export type LinksFor = (page: LinkedPage | undefined, request: PageRequest) => PageLink[]

export function createPageLinks({ status, hasTalk }: LinkedPages): LinksFor {
  return (page, request) => {
    // A password is not compared here: that would tell whether a guess is right, and count those of listeners as wrong.
    const isOperator = isLocalClient(request)
    const access = status()
    const { root } = request
    const linked: readonly [page: LinkedPage, isShown: boolean, link: PageLink][] = [
      // At `/` is a stream, or the index of the streams.
      ['listen', true, { href: root, text: 'Listen' }],
      ['talk', hasTalk, { href: `${root}talk`, text: 'Talk' }],
      // Going on air needs a token, which listeners do not have.
      ['live', hasTalk && isOperator, { href: `${root}live`, text: 'Go on air' }],
      ['status', access === 'all' || (access === 'local' && isOperator), { href: `${root}status`, text: 'Status' }],
    ]
    return linked.flatMap(([other, isShown, link]) => (isShown && other !== page ? [link] : []))
  }
}
