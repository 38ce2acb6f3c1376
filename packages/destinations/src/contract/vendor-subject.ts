import { type Answer, type Recorded, startRecorder } from './recorder.ts'
import type { Subject } from './suite.ts'

/** A vendor, as the contract has to know it. */
export interface VendorSubject extends Pick<Subject, 'duplicates' | 'without'> {
  create: Awaited<ReturnType<Subject['start']>>['create']
  /** The source map in a request; undefined where it has none. */
  mapOf(request: Recorded): Buffer | undefined
  answer?: Answer
}

/** A vendor whose server is played by a recorder: it has the maps that were sent to it. */
export function vendorSubject({ create, mapOf, answer, ...subject }: VendorSubject): Subject {
  return {
    ...subject,
    async start() {
      const recorder = await startRecorder(answer)
      return {
        origin: recorder.origin,
        create,
        maps: async () => [...new Set(recorder.requests.flatMap(each => mapOf(each)?.toString() ?? []))].sort(),
        stop: () => recorder.close(),
      }
    },
  }
}
