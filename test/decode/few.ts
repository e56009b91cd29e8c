import type { Plan } from './broadcast.ts'

/** A plan short enough for every run of all tests; `npm run test:sound` does more. */
export const FEW: Plan = { joins: 4, skips: 2, laggards: 2, flags: [] }
