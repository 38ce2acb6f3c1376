import type { BuildRecord, FileRecord } from '@mapseal/core'

/** What the vault holds, by what stacks and events name. */
export interface BuildIndex {
  /** Files with this ID, those of `release` first, then newest first. Re-lists the store on a miss, at most once a second. */
  byDebugId(debugId: string, release?: string): Promise<FileRecord[]>
  /** By file name (URL or path tail) in a release: for frames without a debug ID. */
  byFile(release: string, file: string, dist?: string): Promise<FileRecord[]>
  /** Newest first. */
  builds(): Promise<BuildRecord[]>
}
