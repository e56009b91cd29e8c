import { checkStreams } from './check-streams.ts'
import { FEW } from './few.ts'
import { OTHER_MPEG_STREAMS } from './streams.ts'

await checkStreams(OTHER_MPEG_STREAMS, FEW)
