import type { OtherScript, ReportedFile } from '../types.ts'
import type { Report } from './report.ts'
import type { Leak } from './scan.ts'
import { type WrittenFiles, writtenFiles } from './written-files.ts'

/** What a build has sealed so far. */
export interface Sealed {
  /** By {@link fileKey}. */
  files: Map<string, ReportedFile>
  /** Absolute paths of the folders that the bundler wrote to. */
  outDirs: Set<string>
  /** Those of them whose source maps stay. */
  kept: Set<string>
  /** What they show for all that. */
  leaks: Report['leaks']
  /** Files that hold source maps in their code, by {@link fileKey}. */
  inlineMaps: Map<string, Leak['kind']>
  /** Releases that scripts give to an SDK and that are not the build's, each with the script. */
  otherReleases: Map<string, string>
  /** Scripts in the folders that are not among the files. */
  others: OtherScript[]
  /** Those that are on the disk as they were sealed, if their host has written them. */
  written: WrittenFiles
  /** Whether an output is meant to hold no scripts, such as one of type declarations. */
  isScriptless: boolean
}

export function nothingSealed(): Sealed {
  return {
    files: new Map(),
    outDirs: new Set(),
    kept: new Set(),
    leaks: [],
    inlineMaps: new Map(),
    otherReleases: new Map(),
    others: [],
    written: writtenFiles(),
    isScriptless: false,
  }
}

/** A page has an entry for each script that is inlined into it. */
export function fileKey({ outDir, path, debugId, fate }: ReportedFile): string {
  return [outDir, path, ...(fate === 'inlined' ? [debugId] : [])].join('\0')
}
