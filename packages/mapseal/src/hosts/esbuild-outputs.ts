import { readFile, rm, writeFile } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'
import {
  computeDebugId,
  editMapOrKeep,
  inject,
  mapPattern,
  type ResolvedOptions,
  readMapId,
  type Session,
  stylePattern,
} from '@mapseal/core'
import type { BuildResult } from 'esbuild'

/** One file of a build, on disk or in memory. */
export interface Output {
  read(): Promise<Buffer>
  /** Under `path`, which may be a new one. */
  write(bytes: Buffer, path: string): Promise<void>
  remove(): Promise<void>
}

/** All files of a build by their absolute paths; what changes also changes in the metafile and in `outputFiles`. */
export function outputsOf(result: BuildResult, root: string): Map<string, Output> {
  const outputs = result.metafile?.outputs ?? {}
  const files = new Map<string, Output>()
  const inMemory = result.outputFiles
  const paths = inMemory ? inMemory.map(({ path }) => path) : Object.keys(outputs).map(key => resolve(root, key))
  for (const path of paths) {
    const file = inMemory?.find(candidate => candidate.path === path)
    const output = outputs[keyOf(path, root)]
    files.set(path, {
      read: async () => (file ? Buffer.from(file.contents) : readFile(path)),
      async write(bytes, target) {
        if (file) Object.assign(file, { contents: bytes, path: target })
        else await writeFile(target, bytes)
        if (output) output.bytes = bytes.length
        if (target === path) return
        if (!file) await rm(path, { force: true })
        if (output) outputs[keyOf(target, root)] = output
        delete outputs[keyOf(path, root)]
      },
      async remove() {
        if (file) inMemory?.splice(inMemory.indexOf(file), 1)
        else await rm(path, { force: true })
        delete outputs[keyOf(path, root)]
      },
    })
  }
  return files
}

/** The metafile's name of a file: relative to the working folder, with forward slashes. */
export function keyOf(path: string, root: string): string {
  return relative(root, path).split(sep).join('/')
}

export async function dropMaps(files: Map<string, Output>): Promise<void> {
  for (const [path, file] of files) if (mapPattern.test(path)) await file.remove()
}

export interface Sealer {
  files: Map<string, Output>
  outDir: string
  session: Session
  options: ResolvedOptions
}

/**
 * Vault first, then the script, and the map's removal last: a kill in between loses nothing.
 *
 * @param carrier the path to give to a script that carries the release; undefined for all others
 */
export async function sealOutput(
  { files, outDir, session, options }: Sealer,
  path: string,
  carrier: string | undefined,
): Promise<void> {
  const file = files.get(path) as Output
  const mapFile = files.get(`${path}.map`)
  const code = await file.read()
  const map = await mapFile?.read()
  const target = carrier ?? path
  const name = keyOf(target, outDir)
  if (stylePattern.test(path)) {
    const debugId = computeDebugId(name, hash => void hash.update(code))
    if (map) await session.add(outDir, { path: name, debugId, code, map })
    return
  }
  const injected = inject(code, {
    path: name,
    snippet: session.snippet(carrier !== undefined),
    supplement: session.supplement(carrier !== undefined),
    mapDebugId: map && readMapId(map),
    takeId: id => session.takeId(id, target),
  })
  const { debugId, insertion } = injected
  const edited = map && editMapOrKeep(map, { debugId, insertion })
  const problem = edited ? edited.problem : 'esbuild made no source map for it'
  await session.add(
    outDir,
    { path: name, debugId, code: injected.code, ...(edited ? { map: edited.map } : {}) },
    problem,
  )
  await file.write(injected.code, target)
  if (edited && options.output === 'keep') await mapFile?.write(edited.map, `${target}.map`)
}
