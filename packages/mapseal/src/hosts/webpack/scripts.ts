import { bare, declarationPattern, scriptPattern } from '@mapseal/core'
import type { Asset, Chunk, Compilation } from 'webpack'

/** Chunks that name the release: those that start a page's or a program's entries. Nothing refers to them by hash. */
export function carriers(compilation: Compilation): Chunk[] {
  if (compilation.compiler.isChild()) return []
  const entrypoints = [...compilation.entrypoints.values()]
  const starts = entrypoints.filter(entrypoint => !isContainer(compilation, entrypoint.getEntrypointChunk?.()))
  const chunks = (starts.length > 0 ? starts : entrypoints).map(entrypoint => entrypoint.getRuntimeChunk())
  return chunks.filter(chunk => chunk != null)
}

/** Whether it is what module federation offers other apps: those load it, into pages with releases of their own. */
function isContainer({ chunkGraph }: Compilation, chunk: Chunk | null | undefined): boolean {
  const modules = chunk ? [...(chunkGraph?.getChunkEntryModulesIterable?.(chunk) ?? [])] : []
  return modules.length > 0 && modules.every(module => module.identifier().startsWith('container entry'))
}

/** By ID, because Rspack before 1.2 makes a new object for a chunk each time. */
export function isCarrier(compilation: Compilation, { id }: Chunk): boolean {
  return carriers(compilation).some(carrier => carrier.id === id)
}

/**
 * Whether it is a child compilation of scripts that run in a worker. Others may be run by the build itself, such as templates of
 * pages and style sheets, and have to stay as they are; those load their chunks as Node does.
 */
export function isOfWorker({ compiler }: Compilation): boolean {
  const { chunkLoading, library } = compiler.options.output
  return compiler.isChild() && chunkLoading === 'import-scripts' && library?.type === undefined
}

/** Whether the build itself may run what a child compilation makes: it has a library's form, or loads its chunks as Node does. */
export function isEvaluated({ compiler }: Compilation, root: Compilation): boolean {
  const { chunkLoading, library } = compiler.options.output
  const isNode = chunkLoading === 'require' || chunkLoading === 'async-node'
  return library?.type !== undefined || (isNode && chunkLoading !== root.outputOptions.chunkLoading)
}

/**
 * The path of a script that is not among the assets in the end. One of a child that its parent never gets is a text in other
 * scripts, and may have the name of another.
 */
export function heldPath({ compiler }: Compilation, name: string, debugId: string): string {
  const path = bare(name)
  return compiler.isChild() ? path.replace(/(?:\.[^./]+)?$/, ending => `-${debugId.slice(0, 8)}${ending}`) : path
}

/**
 * Scripts that a chunk of this compilation or of a child's is made of, whatever their names; not files that were only copied.
 */
export function generatedScripts(compilation: Compilation): Set<string> {
  const files = new Set<string>()
  const compilations = [compilation]
  const isScript = (file: string) =>
    scriptPattern.test(bare(file)) ||
    (compilation.getAsset(file)?.info.javascriptModule !== undefined && !declarationPattern.test(bare(file)))
  for (const { chunks, children } of compilations) {
    for (const chunk of chunks) for (const file of chunk.files) if (isScript(file)) files.add(file)
    compilations.push(...(children ?? []))
  }
  return files
}

/** Whether a source map could lead anywhere: not from an empty script, nor where all modules of its chunk are in other chunks. */
export function hasOriginal({ chunks, chunkGraph }: Compilation, { name, source }: Readonly<Asset>): boolean {
  if (source.size() === 0) return false
  const own = [...chunks].filter(chunk => chunk.files.has(name))
  return own.length === 0 || own.some(chunk => [...(chunkGraph?.getChunkModulesIterable?.(chunk) ?? [0])].length > 0)
}

/** Content hashes are provisional at this stage: with zeros in their place, an ID does not depend on them. */
export function hashNeutralizer(compilation: Compilation): (text: string) => string {
  const hashes = new Set<string>()
  for (const { info } of compilation.getAssets()) {
    for (const hash of [info.contenthash].flat()) if (typeof hash === 'string' && hash.length >= 4) hashes.add(hash)
  }
  if (hashes.size === 0) return text => text
  const escaped = [...hashes].map(hash => hash.replace(/[^\w]/g, '\\$&'))
  const pattern = new RegExp(escaped.join('|'), 'g')
  return text => text.replace(pattern, hash => '0'.repeat(hash.length))
}
