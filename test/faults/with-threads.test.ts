import t from 'tap'
import { endure } from './endure.ts'
import { FAULTS } from './faults.ts'

for (const fault of FAULTS) endure(t, fault, true)
