import { bare } from '@mapseal/core'
import type { Asset, Compilation, sources } from 'webpack'
import { bytesOf } from '../bytes.ts'

/** As the bundler has it; `buffer()` would make another form of it, and webpack would keep both. */
export function contentOf(source: sources.Source | Buffer): string | Buffer {
  const content = Buffer.isBuffer(source) ? source : source.source()
  return typeof content === 'string' ? content : bytesOf(content)
}

/** Puts text into an asset; as text, because webpack looks for content hashes to replace in text alone. */
export function updateText(compilation: Compilation, name: string, code: string | Buffer): void {
  const { RawSource } = compilation.compiler.webpack.sources
  compilation.updateAsset(name, new RawSource(code, true))
}

export function withTrailingComments(code: string | Buffer, bodyEnd: number, comments: string): string | Buffer {
  if (typeof code === 'string') return code.slice(0, bodyEnd) + comments
  return Buffer.concat([code.subarray(0, bodyEnd), Buffer.from(comments)])
}

/** Rspack also lists what another plugin or a loader has deleted from the object of the assets. */
export function assetsOf(compilation: Compilation): Readonly<Asset>[] {
  return compilation.getAssets().filter(isThere)
}

function isThere({ source }: Pick<Asset, 'source'>): boolean {
  return source !== undefined
}

export function mapOf(compilation: Compilation, asset: Readonly<Asset>): Readonly<Asset> | undefined {
  const related = asset.info.related?.sourceMap
  const candidates = [...(Array.isArray(related) ? related : related ? [related] : []), `${bare(asset.name)}.map`]
  for (const candidate of candidates) {
    const map = compilation.getAsset(candidate)
    if (map && isThere(map)) return map
  }
  return undefined
}
