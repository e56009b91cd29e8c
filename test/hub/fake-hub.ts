import type { Hub, PublishedState, ReadState } from '../../src/hub/hub.ts'

/** What status, metrics and the like read of a hub. */
type FakeHub = Pick<Hub, 'link' | 'origin' | 'published' | 'read' | 'edges'>

export const PUBLISHED: PublishedState = {
  name: 'radio',
  messages: 300,
  frames: 1_200,
  bytes: 500_000,
  resent: 40,
  refused: 2,
}

export const READ: ReadState = {
  name: 'radio',
  heard: 'studio-a',
  origins: [
    { origin: 'studio-a', isHeard: true, quietMs: 40 },
    { origin: 'studio-b', isHeard: false, quietMs: 12_000 },
  ],
  counters: { changes: 3, duplicates: 500, refilled: 30, lost: 12, longestGapMs: 480.4, gapMs: 1_234.5 },
  delayMs: 12.34,
}

/** A hub that is connected since moment 1,000, with changes by the test. It publishes `/out`, and reads `radio`. */
export function fakeHub(link: Partial<Hub['link']> = {}, read: Partial<ReadState> = {}): FakeHub {
  return {
    link: {
      isConnected: true,
      server: 'nats://user:secret@hub-1:4222',
      since: 1_000,
      reconnects: 2,
      roundTripMs: 0.4321,
      problem: undefined,
      keepsHistory: true,
      ...link,
    },
    origin: 'edge-1',
    published: (path) => (path === '/out' ? PUBLISHED : undefined),
    read: (name) => (name === 'radio' ? { ...READ, ...read } : undefined),
    edges: () => [{ edge: 'edge-1', listeners: 7, hears: { radio: 'studio-a' } }],
  }
}
