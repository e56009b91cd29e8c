import { FEW } from './broadcast.ts'
import { checkStreams } from './check-streams.ts'
import { MP3_STREAMS } from './streams.ts'

await checkStreams(MP3_STREAMS, FEW)
