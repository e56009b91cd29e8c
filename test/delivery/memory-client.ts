import { Delivery } from '../../src/delivery/delivery.ts'
import type { Sink, SinkOwner } from '../../src/delivery/listener.ts'
import { WriteMemory } from '../../src/delivery/write-memory.ts'
import type { Stream } from '../../src/stream/stream.ts'
import { createManualClock } from '../manual-clock.ts'
import type { MemoryStream } from './memory-stream.ts'

/** A client in memory that accepts every write. */
export class MemoryClient implements Sink {
  owner: SinkOwner | undefined
  text = ''

  write(bytes: Buffer, before: Buffer): boolean {
    this.text += String(before) + String(bytes)
    return true
  }

  end(): void {
    this.owner?.gone('disconnected')
  }

  refuse(): void {
    this.end()
  }
}

/** Makes the delivery of a stream, which writes each frame at once. */
export function deliveryOf(stream: MemoryStream): Delivery {
  return new Delivery(stream as unknown as Stream, new WriteMemory(1_000_000), createManualClock())
}
