import { type Source, SourceError } from '../source.ts'

export function createRelaySource(): Source {
  return {
    label: 'relay',
    open: async () => {
      throw new SourceError('not implemented')
    },
  }
}
