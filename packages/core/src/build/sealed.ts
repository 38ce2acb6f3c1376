import type { ReportedFile } from '../types.ts'
import type { Report } from './report.ts'

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
}

/** A page has an entry for each script that is inlined into it. */
export function fileKey({ outDir, path, debugId, fate }: ReportedFile): string {
  return [outDir, path, ...(fate === 'inlined' ? [debugId] : [])].join('\0')
}
