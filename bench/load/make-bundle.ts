import { makeArchive } from '../../packages/server/test/archive.ts'

/** An artifact bundle with one script and its map. */
export function makeBundle(name: string, debugId: string, code: string, map: string): Buffer {
  const headers = { 'debug-id': debugId }
  const files = {
    [`files/_/_/${name}`]: {
      type: 'minified_source',
      url: `~/${name}`,
      headers: { ...headers, sourcemap: `${name}.map` },
    },
    [`files/_/_/${name}.map`]: { type: 'source_map', url: `~/${name}.map`, headers },
  }
  return makeArchive([
    { name: `files/_/_/${name}`, bytes: Buffer.from(code) },
    { name: `files/_/_/${name}.map`, bytes: Buffer.from(map) },
    { name: 'manifest.json', bytes: Buffer.from(JSON.stringify({ files, org: 'mapseal' })) },
  ])
}
