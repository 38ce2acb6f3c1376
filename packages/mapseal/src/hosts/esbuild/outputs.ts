import { closeSync, constants, existsSync, ftruncateSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import {
  computeDebugId,
  createSnippets,
  inject,
  isWrittenSince,
  mapPattern,
  mayBePublic,
  openMap,
  outdatedMapProblem,
  type Participation,
  type ResolvedOptions,
  scriptPattern,
  stylePattern,
} from '@mapseal/core'
import type { BuildResult } from 'esbuild'
import { version } from '../../version.ts'
import { bytesOf } from '../bytes.ts'
import type { Scratch, Scratches } from '../scratch.ts'
import { rehash } from './rehash.ts'

/** Stands in the footer of every script, so that esbuild includes it in name hashes: all of the options that is put into scripts. */
export function markerOf(options: ResolvedOptions): string {
  const seed = createSnippets(options, undefined).nameSeed(false)
  const isPlain = seed === createSnippets({ destinations: [], link: undefined }, undefined).nameSeed(false)
  return `/*mapseal@${version}${isPlain ? '' : `-${rehash(seed)}`}*/`
}

/**
 * One file of a build, on disk or in memory. On disk by synchronous calls: each takes microseconds, and five times that by
 * way of the thread pool (measured).
 */
export interface Output {
  /** In bytes, as esbuild made it. */
  size: number
  /** Whether it is in memory, and a plugin before ours has written it out all the same. */
  isWrittenOut: boolean
  /** Whether no plugin before ours has deleted it. */
  isThere(): boolean
  hold(scratch: Scratch): ReturnType<Scratch['hold']>
  read(): Buffer
  /** Under `path`, which may be a new one. @returns the path of a file on the disk that has these bytes and no others */
  write(bytes: Buffer, path: string): string | undefined
  remove(): void
}

/**
 * All files of a build by their absolute paths; what changes also changes in the metafile and in `outputFiles`.
 *
 * @param startedAt milliseconds since 1970: older files are not of this build; by default none is, beside those in memory
 */
export function outputsOf(
  result: Partial<Pick<BuildResult, 'metafile' | 'outputFiles'>>,
  root: string,
  startedAt: number = Number.POSITIVE_INFINITY,
): Map<string, Output> {
  const outputs = result.metafile?.outputs ?? {}
  const files = new Map<string, Output>()
  const inMemory = result.outputFiles
  const keyed = inMemory
    ? inMemory.map(({ path }) => ({ path, key: keyOf(path, root) }))
    : Object.keys(outputs).map(key => ({ path: resolve(root, key), key }))
  for (const { path, key } of keyed) {
    const file = inMemory?.find(candidate => candidate.path === path)
    const output = outputs[key]
    const around = file && writtenOut(path, file.contents, startedAt)
    files.set(path, {
      size: output?.bytes ?? file?.contents.length ?? 0,
      isWrittenOut: around !== undefined,
      isThere: () => file !== undefined || existsSync(path),
      hold: scratch => (file ? scratch.hold(file.contents) : scratch.holdFile(path)),
      read: () => (file ? bytesOf(file.contents) : readFileSync(path)),
      write(bytes, target) {
        // A copy: what is written is in memory that is used again.
        if (file) Object.assign(file, { contents: Buffer.from(bytes), path: target })
        else overwrite(target, bytes)
        if (around) overwrite(target, Buffer.concat([around.before, bytes, around.behind]))
        if (output) output.bytes = bytes.length
        if (target !== path) {
          if (!file || around) rmSync(path, { force: true })
          if (output) outputs[keyOf(target, root)] = output
          delete outputs[key]
        }
        return file ? undefined : target
      },
      remove() {
        if (file) inMemory?.splice(inMemory.indexOf(file), 1)
        if (!file || around) rmSync(path, { force: true })
        delete outputs[key]
      },
    })
  }
  return files
}

/** What stands around the contents of a file of this build that another plugin has written; undefined if none has. */
function writtenOut(
  path: string,
  contents: Uint8Array,
  startedAt: number,
): { before: Buffer; behind: Buffer } | undefined {
  if (!isWrittenSince(path, startedAt)) return undefined
  const bytes = readFileSync(path)
  const at = bytes.indexOf(contents)
  return at < 0 ? undefined : { before: bytes.subarray(0, at), behind: bytes.subarray(at + contents.length) }
}

/** Overwrites in place: truncating first would make the system free the pages, allocate others and write them out at once. */
function overwrite(path: string, bytes: Buffer): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT)
  try {
    writeFileSync(file, bytes)
    ftruncateSync(file, bytes.length)
  } finally {
    closeSync(file)
  }
}

/** The metafile's name of a file: relative to the working folder, with forward slashes. @param path absolute, as the folder */
export function keyOf(path: string, root: string): string {
  // By far most are in the folder, and a search for the way there takes 50 times as long.
  const key = path.startsWith(root + sep) ? path.slice(root.length + 1) : relative(root, path)
  return key.split(sep).join('/')
}

export function dropMaps(files: Map<string, Output>): void {
  for (const path of mapsOf(files)) files.get(path)?.remove()
}

/** Paths of the source maps that must not be public. Those of scripts and style sheets are not looked at: they may be large. */
export function mapsOf(files: Map<string, Output>): string[] {
  const isOfCode = (owner: string) => files.has(owner) && (scriptPattern.test(owner) || stylePattern.test(owner))
  const maps = [...files].filter(([path]) => mapPattern.test(path))
  return maps
    .filter(([path, file]) => isOfCode(path.slice(0, -4)) || !file.isThere() || !mayBePublic(path, file.read()))
    .map(([path]) => path)
}

/** Writes a script, and returns its path if it is a file on the disk with what was added and nothing else. */
export type Write = () => string | undefined

export interface Sealer {
  files: Map<string, Output>
  outDir: string
  session: Participation
  options: ResolvedOptions
  /** See {@link markerOf}. */
  marker: string
}

/** Whether a file is a script, which may have any name by `outExtension`. */
export function isScript({ files, marker }: Sealer, path: string): boolean {
  if (scriptPattern.test(path)) return true
  if (stylePattern.test(path) || !files.has(`${path}.map`)) return false
  const file = files.get(path) as Output
  return file.isThere() && file.read().includes(marker)
}

/**
 * Takes a script or a style sheet with its map into the vault. What is returned writes the script, once that is durable; where
 * maps stay in the output, both are written at once.
 *
 * @param carrier the path to give to a script that carries the release; undefined for all others
 */
export async function sealOutput(
  { files, outDir, session, options, marker }: Sealer,
  path: string,
  carrier: string | undefined,
  scratches: Scratches,
): Promise<Write | undefined> {
  const file = files.get(path) as Output
  const mapFile = files.get(`${path}.map`)
  const code = file.hold(scratches.code).bytes
  const own = keyOf(path, outDir)
  if (!session.selects(own, outDir)) return unmarked(file, path, code, marker)
  const held = mapFile?.isThere() ? mapFile.hold(scratches.map) : undefined
  const target = carrier ?? path
  const name = target === path ? own : keyOf(target, outDir)
  if (stylePattern.test(path)) {
    const debugId = computeDebugId(name, hash => void hash.update(code))
    if (held) await session.add(outDir, { path: name, debugId, code, map: held.bytes })
    return undefined
  }
  const isOutdated = code.length !== file.size && held?.bytes.length === mapFile?.size
  const map = held && !isOutdated ? openMap(held.bytes) : undefined
  const injected = inject(code, {
    path: name,
    snippet: session.snippet(carrier !== undefined),
    supplement: session.supplement(carrier !== undefined),
    mapDebugId: map?.debugId,
    takeId: id => session.takeId(id, target),
    link: map && (id => session.link(name, id)),
  })
  const { debugId, insertion } = injected
  const edited = map?.edit({ debugId, insertion }, held?.room)
  if (options.output === 'keep') {
    file.write(injected.code, target)
    if (edited) mapFile?.write(edited.map, `${target}.map`)
  }
  const missing = mapFile ? deletedProblem : 'esbuild made no source map for it'
  const problem = edited ? edited.problem : isOutdated ? orderProblem : missing
  await session.add(
    outDir,
    { path: name, debugId, code: injected.code, ...(edited ? { map: edited.map } : {}) },
    problem,
  )
  return options.output === 'keep' ? undefined : () => file.write(injected.code, target)
}

const orderProblem = `${outdatedMapProblem}; list mapseal() before that plugin`

const deletedProblem = 'another plugin deleted its source map before it was sealed; list mapseal() before that plugin'

/** A script that is left as it is, without the marker: without the line that it has for itself, or its part of a footer. */
function unmarked(file: Output, path: string, code: Buffer, marker: string): Write | undefined {
  const at = code.lastIndexOf(marker)
  if (at < 0) return undefined
  const isLine = at === 0 || code[at - 1] === 0x0a
  const end = at + marker.length + (isLine && code[at + marker.length] === 0x0a ? 1 : 0)
  const plain = Buffer.concat([code.subarray(0, at), code.subarray(end)])
  return () => file.write(plain, path)
}
