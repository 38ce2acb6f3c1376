import { parentPort, workerData } from 'node:worker_threads'
import { reason } from '@mapseal/core'
import type { MapReader } from '@mapseal/core/symbolicate'
import { createHotMaps, createMapReader } from '@mapseal/core/symbolicate'
import type { Job, PositionReply, Ready, Reply } from './messages.ts'
import { createTrimmer, type Trimmer } from './trim.ts'

/** One thread of the pool: reads maps, and keeps those that were used last. */

const maps = createHotMaps((workerData as { hotBytes: number }).hotBytes)

parentPort?.on('message', (job: Job) => parentPort?.postMessage(answer(job)))
parentPort?.postMessage({ kind: 'ready' } satisfies Ready)

function answer({ key, path, bytes, positions, around }: Job): Reply {
  try {
    const reader = maps.get(key) ?? (bytes && createMapReader(bytes, path))
    if (!reader) return { kind: 'missing' }
    const trim = createTrimmer()
    const replies = positions.map(position => read(reader, position, around, trim))
    // After reading: by then its index has its size.
    maps.set(key, reader)
    return { kind: 'positions', positions: replies }
  } catch (cause) {
    return { kind: 'unreadable', message: reason(cause) }
  }
}

function read(
  reader: MapReader,
  { line, column }: Job['positions'][number],
  around: number,
  trim: Trimmer,
): PositionReply {
  try {
    const position = reader.at(line, column, around)
    return position ? trim(position) : { isMapped: false }
  } catch (cause) {
    return { isMapped: false, message: reason(cause) }
  }
}
