import { type Source, SourceError } from '../source.ts'

export function createFromSource(): Source {
  return {
    label: 'from',
    open: async () => {
      throw new SourceError('not implemented')
    },
  }
}
