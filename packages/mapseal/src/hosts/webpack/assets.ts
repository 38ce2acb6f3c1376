import { resolve } from 'node:path'
import {
  bare,
  computeDebugId,
  inject,
  inlineMap,
  type MapEdit,
  mapPattern,
  openMap,
  type Participation,
  type ResolvedOptions,
  readCssTail,
  readTail,
  scriptPattern,
  stylePattern,
} from '@mapseal/core'
import type { Asset, Chunk, Compilation, sources } from 'webpack'
import { bytesOf } from '../bytes.ts'
import { withScratches } from '../scratch.ts'

interface Sealed {
  debugId: string
  /** As it stands in the assets, or stood in the script. */
  map?: sources.Source | Buffer
  /** What the map does not know of yet: a map that will not ship is edited when it is stored, one at a time. */
  edit?: MapEdit
  problem?: string
}

interface AssetSealer {
  /** Injects into every generated script, and edits its map to fit if it is to stay in the output. */
  stamp(isLate?: boolean): void
  /** Takes maps out of the assets, of scripts and style sheets alike. */
  takeMaps(): void
  /** Puts everything into the vault. @throws MapsealError where it cannot be written; nothing is emitted then */
  store(): Promise<void>
}

/** The sealing of one compilation's assets; what it knows by file name follows webpack's renames. */
export function sealAssets(
  compilation: Compilation,
  session: Participation,
  options: ResolvedOptions,
  owner: object,
): AssetSealer {
  const { RawSource } = compilation.compiler.webpack.sources
  /** Text, because webpack looks for content hashes to replace in text alone. */
  const textSource = (code: string | Buffer) => new RawSource(code, true)
  const outDir = compilation.outputOptions.path as string
  const isSelected = ({ name }: Readonly<Asset>) => session.selects(name, outDir)
  const stamped = new Set<string>()
  /** By debug ID, since real content hashes rename files between the stages. */
  const sealed = new Map<string, Sealed>()

  function stampScript(asset: Readonly<Asset>, carriesRelease: boolean, neutralize: (text: string) => string): void {
    const code = contentOf(asset.source)
    const mapAsset = mapOf(compilation, asset)
    const bytes = mapAsset ? bytesOf(mapAsset.source.source()) : inlineMap(readTail(code).mapUrl)
    const map = bytes && openMap(bytes)
    const {
      code: injected,
      debugId,
      insertion,
    } = inject(code, {
      path: bare(asset.name),
      snippet: session.snippet(carriesRelease),
      supplement: session.supplement(carriesRelease),
      mapDebugId: map?.debugId,
      takeId: id => session.takeId(id, resolve(outDir, asset.name)),
      neutralize,
    })
    compilation.updateAsset(asset.name, textSource(injected))
    const edit = { insertion, debugId }
    if (!mapAsset || options.output === 'sealed') {
      sealed.set(debugId, { debugId, edit, ...(bytes && !mapAsset ? { map: bytes } : {}) })
      return
    }
    const edited = map?.edit(edit)
    if (edited) compilation.updateAsset(mapAsset.name, new RawSource(edited.map))
    sealed.set(debugId, { debugId, ...(edited?.problem ? { problem: edited.problem } : {}) })
  }

  function stamp(isLate = false): void {
    const scripts = generatedScripts(compilation)
    const carrierFiles = new Set([...carriers(compilation)].flatMap(chunk => [...chunk.files]))
    const neutralize = hashNeutralizer(compilation)
    for (const asset of compilation.getAssets()) {
      if (!scripts.has(asset.name) || stamped.has(asset.name) || !isSelected(asset)) continue
      stamped.add(asset.name)
      if (isLate && isRenamed(asset)) continue
      if (session.claim(resolve(outDir, asset.name), owner))
        stampScript(asset, carrierFiles.has(asset.name), neutralize)
    }
  }

  /** webpack hands assets over once more when their real content hash has renamed them. */
  function isRenamed(asset: Readonly<Asset>): boolean {
    const { debugId } = readTail(contentOf(asset.source))
    return debugId !== undefined && session.hasId(debugId)
  }

  function takeMaps(): void {
    for (const asset of compilation.getAssets()) {
      const isScript = scriptPattern.test(bare(asset.name))
      if ((!isScript && !stylePattern.test(bare(asset.name))) || !isSelected(asset)) continue
      const map = mapOf(compilation, asset)?.source
      const code = contentOf(asset.source)
      const tail = isScript ? readTail(code) : readCssTail(code)
      if (!map && tail.mapUrl === undefined) continue
      const debugId = tail.debugId ?? computeDebugId(bare(asset.name), hash => void hash.update(code))
      const taken = map ?? inlineMap(tail.mapUrl)
      sealed.set(debugId, { debugId, ...sealed.get(debugId), ...(taken ? { map: taken } : {}) })
      if (tail.mapUrl !== undefined) {
        const comment = tail.debugId ? `\n//# debugId=${tail.debugId}\n` : '\n'
        compilation.updateAsset(asset.name, textSource(withTail(code, tail.bodyEnd, comment)))
      }
    }
    if (options.output === 'keep') return
    for (const { name } of compilation.getAssets()) if (mapPattern.test(bare(name))) compilation.deleteAsset(name)
  }

  async function store(): Promise<void> {
    const artifacts = compilation.getAssets().flatMap(({ name, source }) => {
      if (!scriptPattern.test(bare(name)) && !stylePattern.test(bare(name))) return []
      const code = contentOf(source)
      const id = readTail(code).debugId ?? computeDebugId(bare(name), hash => void hash.update(code))
      const entry = sealed.get(id)
      return entry ? [{ path: bare(name), source, ...entry }] : []
    })
    await withScratches(artifacts, async ({ path, source, debugId, map, edit, problem }, scratches) => {
      const held = map && session.isStored() ? scratches.map.hold(contentOf(map)) : undefined
      const edited = held && edit && openMap(held.bytes).edit(edit, held.room)
      const bytes = edited?.map ?? held?.bytes
      const isUnmapped = !map && scriptPattern.test(path)
      await session.add(
        outDir,
        { path, debugId, code: source.buffer(), ...(bytes ? { map: bytes } : {}) },
        problem ?? edited?.problem ?? (isUnmapped ? 'the bundler made no source map for it' : undefined),
      )
    })
    sealed.clear()
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

/** As the bundler has it; `buffer()` would make another form of it, and webpack would keep both. */
function contentOf(source: sources.Source | Buffer): string | Buffer {
  const content = Buffer.isBuffer(source) ? source : source.source()
  return typeof content === 'string' ? content : bytesOf(content)
}

function withTail(code: string | Buffer, bodyEnd: number, tail: string): string | Buffer {
  if (typeof code === 'string') return code.slice(0, bodyEnd) + tail
  return Buffer.concat([code.subarray(0, bodyEnd), Buffer.from(tail)])
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
