import { MapsealError } from '@mapseal/core'

/** The oldest versions that are known to work, by name; the package's `engines` and peers say the same. */
const floors: Record<string, [major: number, minor: number][]> = {
  'Node.js': [
    [20, 19],
    [22, 12],
  ],
  Vite: [[7, 0]],
  Rollup: [[4, 0]],
  Rolldown: [[1, 0]],
  webpack: [[5, 90]],
  Rspack: [[2, 0]],
  esbuild: [[0, 25]],
  Rsbuild: [[2, 0]],
  Bun: [[1, 4]],
}

/** @throws MapsealError where a tool is older than what is known to work, or does not say its version as newer ones do */
export function requireVersion(tool: string, version: string | undefined): void {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number)
  const known = floors[tool] ?? []
  const newest = known.at(-1)?.[0] ?? 0
  if (major > newest || known.some(floor => major === floor[0] && minor >= floor[1])) return
  const wanted = known.map(floor => floor.join('.')).join(' or ')
  throw new MapsealError(
    'versions',
    `${tool} ${version ?? '(of unknown version)'} is too old. Upgrade to ${wanted} or newer.`,
  )
}
