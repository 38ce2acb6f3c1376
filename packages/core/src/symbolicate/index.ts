export { type SourceSize, sourceSizes } from '../map/source-sizes.ts'
export { type DebugIds, debugIdFinder, inlineDebugIds } from './debug-ids.ts'
export { createHotMaps, type HotMaps } from './hot-maps.ts'
export { fileOfUrl, locateByUrl } from './locate.ts'
export { expandLog } from './log/expand.ts'
export { followLog, type LogReader } from './log/follow.ts'
export type { FollowOptions } from './log/read-piece.ts'
export { createMapReader, generatedPath, type MapReader, type OriginalPosition } from './map-reader.ts'
export { calledName, originalFrame } from './names.ts'
export type {
  NameSource,
  OriginalCall,
  OriginalFrame,
  ResolvedLine,
  Symbolicated,
  SymbolicatedLine,
  UnresolvedLine,
  UnresolvedReason,
} from './result.ts'
export { sourceName } from './source-name.ts'
export { parseStack, type StackLine } from './stack.ts'
export type { StackFrame } from './stack-frame.ts'
export { type SymbolicateOptions, symbolicate, symbolicateLines } from './symbolicate.ts'
export { trimOldest } from './trim-oldest.ts'
