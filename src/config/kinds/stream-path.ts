import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

/** Another stream, and the form of its samples. */
export interface StreamReference {
  readonly path: string
  /** `?wav` or `?raw`; undefined: the default of that stream. */
  readonly form: 'wav' | 'raw' | undefined
}

/** The path of a stream of this program: `/cd`, `/cd?wav` or `/cd?raw`. */
export const streamPath: Kind<StreamReference> = {
  name: 'stream',
  placeholder: '/PATH',
  parse(text) {
    const [, path, query] = /^(\/[^?]*)(?:\?(.*))?$/s.exec(text) ?? []
    if (path === undefined) throw new RefusedValue('needs the path of a stream, such as /cd')
    if (query === undefined || query === 'wav' || query === 'raw') return { path, form: query }
    throw new RefusedValue('may only have ?wav or ?raw behind the path')
  },
}
