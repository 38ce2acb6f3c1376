export { type CheckProblem, type CheckResult, checkFolder } from './check.ts'
export { mapLimit } from './concurrency.ts'
export { computeDebugId, normalizeDebugId, placeholderId } from './debug-id.ts'
export { type DeliverOptions, deliverBuild, withClient } from './deliver.ts'
export { HttpError, MapsealError, reason } from './errors.ts'
export { type FlushReport, flushVault } from './flush.ts'
export { type Injected, type InjectOptions, type Insertion, inject } from './inject.ts'
export { inlineMap } from './inline-map.ts'
export { stderrLogger } from './logger.ts'
export { editMap, editMapOrKeep, type MapEdit, readMapId, shiftMappingsText } from './map-edit.ts'
export { decideMaps, type MapDecision, type MapSetting } from './map-settings.ts'
export { type ConnectedOptions, type Options, type ResolvedOptions, resolveOptions } from './options.ts'
export { detectRelease } from './release.ts'
export { bare, count, type Report, summaryLine } from './report.ts'
export { type Leak, listFiles, mapPattern, scanFolder, scriptPattern, stylePattern } from './scan.ts'
export { sealFolder } from './seal.ts'
export { joinSession, type Participation, type Session } from './session.ts'
export { createSnippet } from './snippet.ts'
export { didYouMean } from './suggest.ts'
export type { DebugIds } from './symbolicate/debug-ids.ts'
export type {
  OriginalFrame,
  ResolvedLine,
  Symbolicated,
  SymbolicatedLine,
  UnresolvedLine,
  UnresolvedReason,
} from './symbolicate/result.ts'
export { parseStack, type StackFrame, type StackLine } from './symbolicate/stack.ts'
export { type SymbolicateOptions, symbolicate, symbolicateLines } from './symbolicate/symbolicate.ts'
export { readCssTail, readTail, type Tail } from './tail.ts'
export type * from './types.ts'
export type { MapProblem } from './validate/problems.ts'
export { inspectMap, validateMap } from './validate/validate.ts'
export { folderStore } from './vault/folder.ts'
export { openStore, openVault } from './vault/locate.ts'
export type { Store, StoredKey } from './vault/store.ts'
export { createVault } from './vault/vault.ts'
