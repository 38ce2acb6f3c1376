import { readFileSync, rmSync, writeFileSync } from 'node:fs'
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
import { bytesOf } from './bytes.ts'
import type { Scratch } from './scratch.ts'

/**
 * One file of a build, on disk or in memory. On disk by synchronous calls: each takes microseconds, and five times that by
 * way of the thread pool (measured).
 */
export interface Output {
  read(): Buffer
  /** The same, into memory that is used again. */
  hold(scratch: Scratch): ReturnType<Scratch['hold']>
  /** Under `path`, which may be a new one. */
  write(bytes: Buffer, path: string): void
  remove(): void
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
      read: () => (file ? bytesOf(file.contents) : readFileSync(path)),
      hold: scratch => (file ? scratch.hold(file.contents) : scratch.holdFile(path)),
      write(bytes, target) {
        if (file) Object.assign(file, { contents: bytes, path: target })
        else writeFileSync(target, bytes)
        if (output) output.bytes = bytes.length
        if (target === path) return
        if (!file) rmSync(path, { force: true })
        if (output) outputs[keyOf(target, root)] = output
        delete outputs[keyOf(path, root)]
      },
      remove() {
        if (file) inMemory?.splice(inMemory.indexOf(file), 1)
        else rmSync(path, { force: true })
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

export function dropMaps(files: Map<string, Output>): void {
  for (const [path, file] of files) if (mapPattern.test(path)) file.remove()
}

export interface Sealer {
  files: Map<string, Output>
  outDir: string
  session: Session
  options: ResolvedOptions
}

/**
 * Takes a script or a style sheet with its map into the vault. What is returned writes the script, once that is durable.
 *
 * @param carrier the path to give to a script that carries the release; undefined for all others
 */
export async function sealOutput(
  { files, outDir, session, options }: Sealer,
  path: string,
  carrier: string | undefined,
  scratch: Scratch,
): Promise<() => void> {
  const file = files.get(path) as Output
  const mapFile = files.get(`${path}.map`)
  const code = file.read()
  const held = mapFile?.hold(scratch)
  const map = held?.bytes
  const target = carrier ?? path
  const name = keyOf(target, outDir)
  if (stylePattern.test(path)) {
    const debugId = computeDebugId(name, hash => void hash.update(code))
    if (map) await session.add(outDir, { path: name, debugId, code, map })
    return () => {}
  }
  const injected = inject(code, {
    path: name,
    snippet: session.snippet(carrier !== undefined),
    supplement: session.supplement(carrier !== undefined),
    mapDebugId: map && readMapId(map),
    takeId: id => session.takeId(id, target),
  })
  const { debugId, insertion } = injected
  const edited = held && editMapOrKeep(held.bytes, { debugId, insertion }, held.room)
  const problem = edited ? edited.problem : 'esbuild made no source map for it'
  await session.add(
    outDir,
    { path: name, debugId, code: injected.code, ...(edited ? { map: edited.map } : {}) },
    problem,
  )
  const keptMap = options.output === 'keep' && edited ? Buffer.from(edited.map) : undefined
  return () => {
    file.write(injected.code, target)
    if (keptMap) mapFile?.write(keptMap, `${target}.map`)
  }
}
