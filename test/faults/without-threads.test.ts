import t from 'tap'
import { endure } from './endure.ts'
import { FAULTS } from './faults.ts'

// Most of the time is spent on waiting.
t.jobs = 2
for (const fault of FAULTS) endure(t, fault, false)
