import type { MapEdit, Participation, ResolvedOptions } from '@mapseal/core'
import type { Compilation, sources } from 'webpack'
import type { AsMapped } from './map-time.ts'

/** What is known of a script or style sheet between the stages of a compilation. */
export interface Sealed {
  debugId: string
  /** As it stands in the assets, or stood in the script. */
  map?: sources.Source | Buffer
  /** What the map does not know of yet: a map that will not ship is edited when it is stored, one at a time. */
  edit?: MapEdit
  /** A script as it was stamped: what other plugins make of it later, its map has to follow. */
  stamped?: { code: string | Buffer; mapPrint: string | undefined }
  /** A script as it was when it was last seen, and its name: a compressor may delete it. */
  held?: { path: string; code: string | Buffer } | undefined
  /** Whether it says where its map is. */
  isLinked?: boolean
  problem?: string
  /** Whether the script is other code than what its map was made for, so that the map is of no use. */
  isUnfit?: true
}

/** The sealing of one compilation's assets. */
export interface CompilationSealing {
  compilation: Compilation
  session: Participation
  options: ResolvedOptions
  /** Claims files in the session. */
  owner: object
  /** Absolute. */
  outDir: string
  /** Source maps of no script that were taken out of the assets, by their paths. */
  strays: Map<string, Buffer>
  asMapped: AsMapped
  /** Names of the assets that were looked at for injection. */
  stamped: Set<string>
  /** By debug ID, since real content hashes rename files between the stages. */
  sealed: Map<string, Sealed>
}
