import { readdir } from 'node:fs/promises'
import { dirname, relative, resolve, sep } from 'node:path'
import { withoutOversizedMap } from '../map/size.ts'
import type { BuildRecord, FileRecord, ReportedFile } from '../types.ts'
import { type Builds, openBuilds } from '../vault/builds.ts'
import { exists } from '../vault/folder-files.ts'
import { isIn, projectName } from '../vault/locate.ts'
import { renewCopies } from './copies.ts'
import type { Ending } from './finish.ts'
import { processState } from './process-state.ts'
import { type OutputFolder, reconcile } from './reconcile.ts'
import { listFiles, pagePattern } from './scan.ts'
import { fileKey } from './sealed.ts'

/** Finds out what became of each file of a build, and stores what has to be read in another way now. */
export async function settle(ending: Ending): Promise<void> {
  const { options, root, vault, pack, sealed, outDirs, isStored, mapLimit, guarded, guardLines } = ending
  if (!isStored) return
  await pack.commit() // What is read below is in it.
  const files = [...sealed.files.values()]
  const isOurs = ours(root)
  let builds: Promise<Builds> | undefined
  const earlier = async (debugId: string) => {
    builds ??= openBuilds(vault)
    const found: FileRecord[] = []
    for await (const build of (await builds).withId(debugId, undefined))
      if (isOurs(build)) found.push(...build.files.filter(file => file.debugId === debugId))
    return found
  }
  const folders = await foldersOf(files, outDirs, root)
  for (const folder of folders) await renewCopies(folder, files)
  const { changes, removed, others } = await reconcile({
    folders,
    files,
    written: sealed.written,
    mapLimit,
    earlier,
    read: blob => vault.read(blob),
  })
  sealed.others.push(...others)
  for (const file of removed) sealed.files.delete(fileKey(file))
  for (const { file, artifact: found } of changes) {
    const passed = found && guarded(resolve(root, file.outDir), found)
    const { artifact, problem } = passed ? withoutOversizedMap(passed, mapLimit) : {}
    const settled = { ...file, ...(artifact && (await pack.put(artifact))), ...(problem && { problem }) }
    sealed.files.set(fileKey(file), settled)
  }
  await pack.commit()
  for (const line of guardLines()) options.logger.warn(line)
}

/** Builds whose scripts may stand in our output: of this project, this process or this command. Others share the vault alone. */
function ours(root: string): (build: BuildRecord) => boolean {
  const project = projectName(root)
  const ended = new Set([...processState().endedBuilds.values()].map(({ id }) => id))
  const command = process.env.MAPSEAL_BUILD || undefined
  return build =>
    build.project === project || ended.has(build.id) || (command !== undefined && build.command === command)
}

/** The folders that files were sealed into, and the pages right above them: scripts often have a folder of their own. */
async function foldersOf(files: ReportedFile[], outDirs: string[], root: string): Promise<OutputFolder[]> {
  const folders: OutputFolder[] = []
  for (const dir of outDirs) {
    const outDir = relativePath(dir, root)
    const own = files.filter(file => file.outDir === outDir)
    // Nothing is there if the bundler was told not to write.
    if (own.length > 0 && (await exists(dir))) folders.push({ dir, outDir, names: await namesIn(dir, root, own) })
  }
  const above = new Set(folders.map(({ dir }) => dirname(dir)).filter(dir => isIn(dir, root) && dir !== resolve(root)))
  for (const dir of above) {
    const names = (await readdir(dir)).filter(name => pagePattern.test(name))
    if (!folders.some(folder => isIn(dir, folder.dir))) folders.push({ dir, outDir: relativePath(dir, root), names })
  }
  return folders
}

/** A folder that holds the project itself is not an output folder alone: only what was sealed is looked at. */
async function namesIn(outDir: string, root: string, files: ReportedFile[]): Promise<string[]> {
  if (!isIn(root, outDir)) return listFiles(outDir)
  const found = await Promise.all(files.map(async ({ path }) => ((await exists(resolve(outDir, path))) ? [path] : [])))
  return found.flat()
}

export function relativePath(outDir: string, root: string): string {
  return relative(root, outDir).split(sep).join('/')
}
