import { checkStreams } from './check-streams.ts'
import { FEW } from './few.ts'
import { MP3_STREAMS } from './streams.ts'

await checkStreams(MP3_STREAMS, FEW)
