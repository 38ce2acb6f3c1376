interface Manifest {
  version: string
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  exports: Record<string, string | Record<string, unknown>>
}

export const ROOT: string
/** The packages that are published; `dir` is relative to the repository. */
export function publishedPackages(): { dir: string; name: string; version: string }[]
export function readJson(path: string): Manifest
