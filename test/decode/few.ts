import type { Plan } from './broadcast.ts'

/** As much as every run of all tests has time for; `npm run test:sound` does more. */
export const FEW: Plan = { joins: 4, skips: 2, laggards: 2, flags: [] }
