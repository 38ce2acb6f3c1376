import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join, posix } from 'node:path'
import type { Metafile } from 'esbuild'
import { keyOf } from '../esbuild/outputs.ts'
import { rehash } from '../esbuild/rehash.ts'
import { replaceLast } from '../esbuild/release.ts'

/** What `onEnd` gets; the same lists that the caller of `Bun.build` gets. */
export interface BunResult {
  success: boolean
  outputs: BunArtifact[]
  metafile?: { outputs: Record<string, { imports: { path: string }[] }> }
}

interface BunArtifact {
  path: string
  kind: 'entry-point' | 'chunk' | 'asset' | 'sourcemap' | 'bytecode'
  hash: string | null
  loader: string
}

declare const Bun: { file(path: string): object }

/** The files of a build in esbuild's format, without maps that another instance of the plugin took. */
export function toMetafile({ outputs }: BunResult, root: string): Metafile {
  const entries = outputs.flatMap(({ path }): [string, Metafile['outputs'][string]][] => {
    const bytes = statSync(path, { throwIfNoEntry: false })?.size
    return bytes === undefined ? [] : [[keyOf(path, root), { bytes, inputs: {}, imports: [], exports: [] }]]
  })
  return { inputs: {}, outputs: Object.fromEntries(entries) }
}

/**
 * The path of each script that carries the release: entries that no other script imports, so that a hash in their names,
 * which was made before the release came in, can be hashed once more with it.
 */
export function carrierNames(
  { outputs, metafile }: BunResult,
  naming: string | { entry?: string } | undefined,
  snippet: string,
): Map<string, string> {
  const imports = Object.values(metafile?.outputs ?? {}).flatMap(output => output.imports)
  const imported = new Set(imports.map(({ path }) => posix.basename(path)))
  const isHashed = (typeof naming === 'string' ? naming : naming?.entry)?.includes('[hash]') === true
  const entries = outputs.filter(({ kind, path }) => kind === 'entry-point' && !imported.has(basename(path)))
  return new Map(entries.map(({ path, hash }) => [path, isHashed && hash ? renamed(path, hash, snippet) : path]))
}

function renamed(path: string, hash: string, snippet: string): string {
  return join(dirname(path), replaceLast(basename(path), hash, rehash(hash + snippet).toLowerCase()))
}

/** Takes maps that are gone out of the result, and puts scripts under their new names into it. */
export function updateArtifacts({ outputs }: BunResult, carriers: Map<string, string>): void {
  for (const [index, artifact] of [...outputs.entries()].reverse()) {
    const target = carriers.get(artifact.path) ?? artifact.path
    if (artifact.kind === 'sourcemap' && !existsSync(artifact.path)) outputs.splice(index, 1)
    else if (target !== artifact.path) outputs.splice(index, 1, moved(artifact, target))
  }
}

/** An artifact's properties cannot be changed, so this makes a new one. */
function moved({ kind, hash, loader }: BunArtifact, path: string): BunArtifact {
  return Object.assign(Bun.file(path), { path, kind, hash, loader })
}
