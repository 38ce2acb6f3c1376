export { announceOnce } from './build/announce.ts'
export { type CiCommit, detectCommit } from './build/ci-commit.ts'
export { detectRelease } from './build/release.ts'
export { bare, count, type Report, summaryLine } from './build/report.ts'
export { type Leak, listFiles, mapPattern, pagePattern, scanFolder, scriptPattern, stylePattern } from './build/scan.ts'
export { joinSession, type Participation, type Session } from './build/session.ts'
export { createReleaseModule, createSnippets } from './build/snippets.ts'
export { isWrittenSince } from './build/written-since.ts'
export { mapLimit } from './concurrency.ts'
export { loadConfig, withConfig } from './config/config.ts'
export { type DeliverOptions, deliverBuild, withClient } from './deliver/deliver.ts'
export type * from './deliver/destination.ts'
export { type DryRunOptions, dryRunBuild } from './deliver/dry-run.ts'
export { type FlushReport, flushVault, forgetPending, type StoppedDestination } from './deliver/flush.ts'
export { artifactKey } from './deliver/held.ts'
export { type Match, matchUrl } from './deliver/match.ts'
export { pendingDestinations } from './deliver/pending.ts'
export { createProgress } from './deliver/progress.ts'
export { resolveUrls, type Urls } from './deliver/urls.ts'
export { HttpError, MapsealError, reason } from './errors.ts'
export type { SecretsPolicy } from './guard/guard.ts'
export { type Redact, redactor } from './http/redact.ts'
export type * from './http/types.ts'
export { computeDebugId, normalizeDebugId, placeholderId } from './inject/debug-id.ts'
export { isExportedLiteral } from './inject/exported-literal.ts'
export { type Injected, type InjectOptions, type Insertion, inject } from './inject/inject.ts'
export type { Link, LinkedScript } from './inject/link.ts'
export { prologueEnd } from './inject/prologue.ts'
export { createSnippet } from './inject/snippet.ts'
export {
  readCssTrailingComment,
  readTrailingComments,
  type TrailingComments,
  writeTrailingComments,
} from './inject/trailing-comments.ts'
export { stderrLogger } from './logger.ts'
export { declarationPattern, isDeclarationMap } from './map/declaration.ts'
export { editMap, editMapOrKeep, type MapEdit, openMap, readMapId, shiftMappingsText } from './map/edit.ts'
export { emptyMap } from './map/empty.ts'
export {
  type Followed,
  followBoth,
  followChanges,
  movesCode,
  movesLines,
  outdatedMapProblem,
  rewrittenProblem,
} from './map/follow.ts'
export { inlineMap } from './map/inline.ts'
export { fits, scriptOf } from './map/pairs.ts'
export { decideMaps, isAskedFor, type MapDecision, type MapSetting, settleOutput } from './map/setting.ts'
export { type MapShape, mayBeMap, mayHoldMap, readMapShape } from './map/shape.ts'
export { withoutSources } from './map/without-sources.ts'
export { type ConnectedOptions, type Options, type ResolvedOptions, resolveOptions } from './options.ts'
export { shellWord } from './shell.ts'
export { didYouMean } from './suggest.ts'
export type * from './types.ts'
export { amendRecord } from './vault/amend.ts'
export { folderStore } from './vault/folder.ts'
export { gzipMember } from './vault/gzip-member.ts'
export { nameIn, uploadOf } from './vault/index/keys.ts'
export { openStore, openVault, projectName, refuseVaultIn, shownLocation } from './vault/locate.ts'
export { isOpenerRunning, processName } from './vault/process.ts'
export { readRecord, recordIdOf, recordKey } from './vault/records.ts'
export { openBucket, type S3Bucket } from './vault/s3/bucket.ts'
export { s3Store } from './vault/s3/store.ts'
export type { Store, StoredKey } from './vault/store.ts'
export { createVault } from './vault/vault.ts'
export { version } from './version.ts'
