import { AnyMap, originalPositionFor } from '@jridgewell/trace-mapping'
import {
  calledName,
  createMapReader,
  type OriginalFrame,
  originalFrame,
  type StackFrame,
} from '@mapseal/core/symbolicate'
import { SourceMapConsumer } from 'source-map'

/** The lines of a stack, the innermost frame first; undefined for those that are not frames. */
export type Frames = (StackFrame | undefined)[]

/** What a reader calls the function of each frame. */
export type ReadNames = (frames: Frames, map: string) => Promise<(string | undefined)[]>

interface Library {
  find(line: number, column: number): { name: string | null }
  close?(): void
}

/** As error trackers do it: a function is called as the mapping of its caller says, else as the engine says. */
function byCaller(open: (map: string) => Promise<Library>): ReadNames {
  return async (frames, text) => {
    const map = await open(text)
    const names = frames.map((frame, index) => {
      const caller = frames[index + 1]
      const called = caller?.column === undefined ? null : map.find(caller.line, caller.column).name
      return called ?? frame?.function
    })
    map.close?.()
    return names
  }
}

export function readFrames(frames: Frames, text: string): (OriginalFrame | undefined)[] {
  const map = createMapReader(Buffer.from(text), 'assets/app.js')
  const positions = frames.map(frame => frame && map.at(frame.line, frame.column ?? 0, 5))
  return frames.map((frame, index) => {
    const position = positions[index]
    if (!frame || !position) return undefined
    const [caller, callerPosition] = [frames[index + 1], positions[index + 1]]
    return originalFrame(frame.function, position, caller && callerPosition && calledName(caller, callerPosition))
  })
}

export const readers: Record<string, ReadNames> = {
  Mapseal: async (frames, map) => readFrames(frames, map).map(frame => frame?.function),

  '`source-map`, name at the call': byCaller(async text => {
    const map = await new SourceMapConsumer(text)
    return { find: (line, column) => map.originalPositionFor({ line, column }), close: () => map.destroy() }
  }),

  '`trace-mapping`, name at the call': byCaller(async text => {
    const map = new AnyMap(text)
    return { find: (line, column) => originalPositionFor(map, { line, column }) }
  }),
}
