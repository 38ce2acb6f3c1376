import type { ManifestFile } from './manifest.ts'

/** A generated file and its map; one of them may be missing. */
export interface Pair {
  /** Relative to the output folder, as far as the URL shows. */
  path: string
  debugId?: string
  code?: ManifestFile
  map?: ManifestFile
}

/** Pairs files by the map's URL in the generated file, else by their debug ID. */
export function pairFiles(files: ManifestFile[]): Pair[] {
  const maps = files.filter(({ type }) => type === 'source_map')
  const byUrl = new Map(maps.map(map => [map.url, map]))
  const byId = new Map(maps.flatMap(map => (map.debugId ? [[map.debugId, map] as const] : [])))
  const used = new Set<ManifestFile>()
  const pairs: Pair[] = []
  for (const code of files) {
    if (code.type !== 'minified_source' && code.type !== 'indexed_ram_bundle') continue
    const named = code.sourceMap === undefined ? undefined : byUrl.get(joinUrl(code.url, code.sourceMap))
    const isOther = named?.debugId !== undefined && code.debugId !== undefined && named.debugId !== code.debugId
    const map = (isOther ? undefined : named) ?? (code.debugId === undefined ? undefined : byId.get(code.debugId))
    const debugId = code.debugId ?? map?.debugId
    if (map) used.add(map)
    pairs.push({ path: pathOfUrl(code.url), code, ...(map && { map }), ...(debugId && { debugId }) })
  }
  for (const map of maps) {
    if (used.has(map)) continue
    const path = pathOfUrl(map.url).replace(/\.map$/, '')
    pairs.push({ path, map, ...(map.debugId && { debugId: map.debugId }) })
  }
  return pairs
}

/** `~/js/app.js` and `app.js.map` make `~/js/app.js.map`. */
function joinUrl(from: string, reference: string): string {
  if (/^[a-z][a-z\d+.-]*:/i.test(reference) || reference.startsWith('~')) return reference
  const origin = /^(?:[a-z][a-z\d+.-]*:\/\/[^/]*|~)/i.exec(from)?.[0] ?? ''
  const base = from.slice(origin.length).replace(/[?#].*$/s, '')
  const folder = base.slice(0, base.lastIndexOf('/') + 1)
  const path = reference.startsWith('/') ? reference : folder + reference
  return `${origin}/${segments(path).join('/')}`
}

/**
 * `https://cdn.example/x/b.js?v=1`, `app:///x/b.js` and `~/x/b.js` make `x/b.js`. It never leads upward and has no control
 * characters: it will be shown, and destinations write files by it.
 */
function pathOfUrl(url: string): string {
  const path = url.replace(/^(?:[a-z][a-z\d+.-]*:\/\/[^/]*|~)/i, '').replace(/[?#].*$/s, '')
  return segments(path).join('/') || 'unnamed'
}

function segments(path: string): string[] {
  const kept: string[] = []
  for (const segment of path.replace(/[\u0000-\u001f\u007f]/g, '').split(/[\\/]/)) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  return kept
}
