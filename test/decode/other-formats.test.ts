import { checkStreams } from './check-streams.ts'
import { FEW } from './few.ts'
import { OTHER_STREAMS } from './streams.ts'

await checkStreams(OTHER_STREAMS, FEW)
