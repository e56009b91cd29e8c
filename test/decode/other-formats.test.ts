import { FEW } from './broadcast.ts'
import { checkStreams } from './check-streams.ts'
import { OTHER_STREAMS } from './streams.ts'

await checkStreams(OTHER_STREAMS, FEW)
