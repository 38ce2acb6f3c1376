import { MapsealError } from '@mapseal/core'

/** The oldest versions that are known to work, by name; the package's `engines` and peers and the docs say the same. */
export const floors: Record<string, [major: number, minor: number][]> = {
  'Node.js': [
    [20, 19],
    [22, 12],
  ],
  Vite: [[5, 0]],
  Rollup: [[3, 29]],
  Rolldown: [[1, 0]],
  webpack: [[5, 75]],
  Rspack: [[1, 0]],
  esbuild: [[0, 19]],
  Rsbuild: [[2, 0]],
  Bun: [[1, 4]],
}

/** @throws MapsealError where a tool is older than what is known to work */
export function requireVersion(tool: string, version: string): void {
  if (!isSupported(tool, version)) throw tooOld(tool, version)
}

export function isSupported(tool: string, version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const known = floors[tool] ?? []
  const newest = known.at(-1)?.[0] ?? 0
  return major > newest || known.some(floor => major === floor[0] && minor >= floor[1])
}

/** @param found the version, or how else it is known to be an old one */
export function tooOld(tool: string, found: string): MapsealError {
  const wanted = (floors[tool] ?? []).map(floor => floor.join('.')).join(' or ')
  return new MapsealError('versions', `${tool} ${found} is too old. Upgrade to ${wanted} or newer.`)
}
