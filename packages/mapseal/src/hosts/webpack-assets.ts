import { resolve } from 'node:path'
import {
  bare,
  computeDebugId,
  editMapOrKeep,
  inject,
  inlineMap,
  mapLimit,
  mapPattern,
  type ResolvedOptions,
  readCssTail,
  readMapId,
  readTail,
  type Session,
  scriptPattern,
  stylePattern,
} from '@mapseal/core'
import type { Asset, Chunk, Compilation } from 'webpack'

interface Sealed {
  debugId: string
  map?: Buffer
  problem?: string
}

interface AssetSealer {
  /** Injects into every generated script, and edits its map to fit. */
  stamp(isLate?: boolean): void
  /** Takes maps out of the assets, of scripts and style sheets alike. */
  takeMaps(): void
  /** Puts everything into the vault. @throws MapsealError where it cannot be written; nothing is emitted then */
  store(): Promise<void>
}

/** The sealing of one compilation's assets; what it knows by file name follows webpack's renames. */
export function sealAssets(
  compilation: Compilation,
  session: Session,
  options: ResolvedOptions,
  owner: object,
): AssetSealer {
  const { RawSource } = compilation.compiler.webpack.sources
  /** Text, because webpack looks for content hashes to replace in text alone. */
  const textSource = (bytes: Buffer) => new RawSource(bytes, true)
  const outDir = compilation.outputOptions.path as string
  const stamped = new Set<string>()
  /** By debug ID, since real content hashes rename files between the stages. */
  const sealed = new Map<string, Sealed>()

  function stampScript(asset: Readonly<Asset>, carriesRelease: boolean, neutralize: (text: string) => string): void {
    const code = asset.source.buffer()
    const mapAsset = mapOf(compilation, asset)
    const map = mapAsset?.source.buffer() ?? inlineMap(readTail(code.toString('latin1')).mapUrl)
    const {
      code: injected,
      debugId,
      insertion,
    } = inject(code, {
      path: bare(asset.name),
      snippet: session.snippet(carriesRelease),
      supplement: session.supplement(carriesRelease),
      mapDebugId: map && readMapId(map),
      takeId: id => session.takeId(id, resolve(outDir, asset.name)),
      neutralize,
    })
    compilation.updateAsset(asset.name, textSource(injected))
    const entry: Sealed = { debugId }
    sealed.set(debugId, entry)
    if (!map) return
    const edited = editMapOrKeep(map, { insertion, debugId })
    if (edited.problem !== undefined) Object.assign(entry, edited)
    else if (mapAsset) compilation.updateAsset(mapAsset.name, new RawSource(edited.map))
    else entry.map = edited.map
  }

  function stamp(isLate = false): void {
    const scripts = generatedScripts(compilation)
    const carrierFiles = new Set([...carriers(compilation)].flatMap(chunk => [...chunk.files]))
    const neutralize = hashNeutralizer(compilation)
    for (const asset of compilation.getAssets()) {
      if (!scripts.has(asset.name) || stamped.has(asset.name)) continue
      stamped.add(asset.name)
      if (isLate && isRenamed(asset)) continue
      if (session.claim(resolve(outDir, asset.name), owner))
        stampScript(asset, carrierFiles.has(asset.name), neutralize)
    }
  }

  /** webpack hands assets over once more when their real content hash has renamed them. */
  function isRenamed(asset: Readonly<Asset>): boolean {
    const { debugId } = readTail(asset.source.buffer().toString('latin1'))
    return debugId !== undefined && session.hasId(debugId)
  }

  function takeMaps(): void {
    for (const asset of compilation.getAssets()) {
      const isScript = scriptPattern.test(bare(asset.name))
      if (!isScript && !stylePattern.test(bare(asset.name))) continue
      const map = mapOf(compilation, asset)
      const text = asset.source.buffer().toString('latin1')
      const tail = isScript ? readTail(text) : readCssTail(text)
      const debugId = tail.debugId ?? computeDebugId(bare(asset.name), hash => void hash.update(asset.source.buffer()))
      const entry = sealed.get(debugId) ?? { debugId }
      const bytes = map?.source.buffer() ?? inlineMap(tail.mapUrl)
      if (!bytes && tail.mapUrl === undefined) continue
      sealed.set(debugId, bytes ? { ...entry, map: bytes } : entry)
      if (tail.mapUrl !== undefined) {
        const comment = tail.debugId ? `\n//# debugId=${tail.debugId}\n` : '\n'
        compilation.updateAsset(asset.name, textSource(Buffer.from(text.slice(0, tail.bodyEnd) + comment, 'latin1')))
      }
    }
    if (options.output === 'keep') return
    for (const { name } of compilation.getAssets()) if (mapPattern.test(bare(name))) compilation.deleteAsset(name)
  }

  async function store(): Promise<void> {
    const artifacts = compilation.getAssets().flatMap(({ name, source }) => {
      if (!scriptPattern.test(bare(name)) && !stylePattern.test(bare(name))) return []
      const code = source.buffer()
      const id = readTail(code.toString('latin1')).debugId ?? computeDebugId(bare(name), hash => void hash.update(code))
      const entry = sealed.get(id)
      return entry ? [{ path: bare(name), code, ...entry }] : []
    })
    await mapLimit(artifacts, 4, ({ problem, ...artifact }) => {
      const isUnmapped = artifact.map === undefined && scriptPattern.test(artifact.path)
      return session.add(
        outDir,
        artifact,
        problem ?? (isUnmapped ? 'the bundler made no source map for it' : undefined),
      )
    })
    await session.commit()
  }

  return { stamp, takeMaps, store }
}

/** Chunks that name the release: those that start a page's or a program's entries. Nothing refers to them by hash. */
export function carriers(compilation: Compilation): Set<Chunk> {
  const chunks = [...compilation.entrypoints.values()].map(entrypoint => entrypoint.getRuntimeChunk())
  return new Set(chunks.filter(chunk => chunk != null))
}

/** Scripts that a chunk of this compilation or of a child's is made of; not files that were only copied. */
function generatedScripts(compilation: Compilation): Set<string> {
  const files = new Set<string>()
  const compilations = [compilation]
  for (const { chunks, children } of compilations) {
    for (const chunk of chunks) for (const file of chunk.files) if (scriptPattern.test(bare(file))) files.add(file)
    compilations.push(...(children ?? []))
  }
  return files
}

function mapOf(compilation: Compilation, asset: Readonly<Asset>): Readonly<Asset> | undefined {
  const related = asset.info.related?.sourceMap
  const candidates = [...(Array.isArray(related) ? related : related ? [related] : []), `${bare(asset.name)}.map`]
  for (const candidate of candidates) {
    const map = compilation.getAsset(candidate)
    if (map) return map
  }
  return undefined
}

/** Content hashes are provisional at this stage: with zeros in their place, an ID does not depend on them. */
function hashNeutralizer(compilation: Compilation): (text: string) => string {
  const hashes = new Set<string>()
  for (const { info } of compilation.getAssets()) {
    for (const hash of [info.contenthash].flat()) if (typeof hash === 'string' && hash.length >= 4) hashes.add(hash)
  }
  if (hashes.size === 0) return text => text
  const escaped = [...hashes].map(hash => hash.replace(/[^\w]/g, '\\$&'))
  const pattern = new RegExp(escaped.join('|'), 'g')
  return text => text.replace(pattern, hash => '0'.repeat(hash.length))
}
