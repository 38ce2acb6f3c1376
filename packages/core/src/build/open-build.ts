import { relative, resolve, sep } from 'node:path'
import { pending } from '../deliver/deliver.ts'
import { createSnippet, defaultRegistry } from '../inject/snippet.ts'
import { longestMap, withoutOversizedMap } from '../map/size.ts'
import type { ConnectedOptions, ResolvedOptions } from '../options.ts'
import type { BuildRecord, FileRecord, Registry, Release, ReportedFile } from '../types.ts'
import { openVault, projectName, refuseVaultIn } from '../vault/locate.ts'
import { processName } from '../vault/process.ts'
import { newBuildId } from './build-id.ts'
import { createClock } from './clock.ts'
import { earlierPart, rememberPart } from './earlier-part.ts'
import { finishBuild } from './finish.ts'
import { createNames } from './names.ts'
import { detectRelease } from './release.ts'
import type { Report } from './report.ts'
import { fileKey, type Sealed } from './sealed.ts'
import type { Session } from './session.ts'

export interface OpenBuild extends Session {
  /** Has a folder scanned at the end that may hold nothing which was added. */
  alsoScan(outDir: string): void
  /** Nothing is returned of a build that failed. @throws MapsealError where `onError` says so */
  end(outcome: 'done' | 'failed'): Promise<Report | undefined>
}

/**
 * @param key the same for all builds that may continue one another's record
 * @param mapLimit in bytes; a larger map is not stored
 */
export async function openBuild(
  options: ConnectedOptions,
  root: string,
  key: string,
  mapLimit: number = longestMap,
): Promise<OpenBuild> {
  const vault = openVault(options.vault, root, options)
  const release = await detectRelease(options.release, root)
  let newestBuild: Promise<BuildRecord | undefined> | undefined
  const newest = () => (newestBuild ??= vault.newest())
  const pack = vault.newPack({ newest })
  const sealed: Sealed = { files: new Map(), outDirs: new Set(), kept: new Set(), leaks: [] }
  const inMemory = new Set<string>()
  const clock = createClock()
  const names = createNames()
  const registries = registriesOf(options, release)
  const globals = Object.assign({}, ...options.destinations.map(destination => destination.globals))
  const receivers = options.destinations.filter(({ isSnippetOnly }) => !isSnippetOnly)
  const isStored = options.output !== 'keep' || receivers.length > 0
  let record: BuildRecord | undefined
  /** What a part of the same command that ended before has in the record. */
  let earlierFiles: FileRecord[] = []
  let earlier: Promise<BuildRecord[]> | undefined

  /** The record of this build, with what is sealed so far. */
  async function currentRecord(): Promise<BuildRecord> {
    if (!record) {
      const part = isStored ? await earlierPart(key, vault, sealed, root) : undefined
      // The pack has read it before.
      const before = isStored && sealed.files.size > 0 ? await newest() : undefined
      earlierFiles = part?.files ?? []
      record = part ?? newRecord(release, projectName(root), before?.id)
      for (const { name } of receivers) record.deliveries[name] ??= pending()
    }
    record.files = merged(earlierFiles, sealed.files)
    return record
  }

  async function commit(): Promise<void> {
    await pack.commit()
    if (!isStored || sealed.files.size === 0) return
    const current = await currentRecord()
    current.state = 'open'
    current.openedBy = processName()
    await vault.record(current)
  }

  return {
    release,
    snippet: carriesRelease => createSnippet(registries, carriesRelease ? release : undefined, globals),
    supplement(carriesRelease) {
      const others = registries.filter(({ global }) => global !== defaultRegistry.global)
      const named = carriesRelease ? release : undefined
      const isEmpty = others.length === 0 && !named && Object.keys(globals).length === 0
      return isEmpty ? undefined : createSnippet(others, named, globals)
    },
    takeId: names.takeId,
    hasId: names.hasId,
    claim: names.claim,
    async earlierMap(debugId) {
      earlier ??= vault.records()
      const file = (await earlier).flatMap(build => build.files).find(file => file.debugId === debugId && file.map)
      return file?.map && vault.read(file.map)
    },
    isStored: () => isStored,
    add: (outDir, given, givenProblem) =>
      clock.timed(async () => {
        if (isStored && !sealed.outDirs.has(outDir)) refuseVaultIn(outDir, vault.location, root)
        const { artifact, problem = givenProblem } = withoutOversizedMap(given, mapLimit)
        const { debugId } = artifact
        const [path, file] = placeOf(outDir, artifact.path, root)
        sealed.outDirs.add(resolve(root, path))
        const blobs = isStored ? await pack.put(artifact) : {}
        const reported: ReportedFile = { path: file, outDir: path, debugId, ...blobs }
        sealed.files.set(fileKey(reported), problem ? { ...reported, problem } : reported)
      }),
    reveals(outDir, leak) {
      const [folder, path] = placeOf(outDir, leak.path, root)
      sealed.leaks.push({ ...leak, path, outDir: folder })
    },
    alsoScan: outDir => void sealed.outDirs.add(outDir),
    markKept: outDir => void sealed.kept.add(outDir),
    markInMemory: outDir => void inMemory.add(outDir),
    commit: () => clock.timed(commit),

    async end(outcome) {
      names.free()
      const report = await finishBuild(outcome, {
        options,
        root,
        vault,
        pack,
        sealed,
        outDirs: [...sealed.outDirs].filter(outDir => !inMemory.has(outDir)),
        isStored,
        currentRecord,
        clock,
      })
      if (record && outcome === 'done') rememberPart(key, record)
      return report
    },
  }
}

function newRecord(release: Session['release'], project: string, newest: string | undefined): BuildRecord {
  const createdAt = new Date().toISOString()
  const build: BuildRecord = { id: newBuildId(newest), version: 1, createdAt, project, files: [], deliveries: {} }
  const command = process.env.MAPSEAL_BUILD
  if (command) build.command = command
  return release ? { ...build, release } : build
}

function merged(before: FileRecord[], files: Sealed['files']): FileRecord[] {
  const all = new Map<string, ReportedFile>(before.map(file => [fileKey(file), file]))
  for (const [key, file] of files) all.set(key, file)
  return [...all.keys()].sort().map(key => all.get(key) as FileRecord)
}

/** Both with forward slashes. A name that leads out of its folder, as Next's server has them, is put below the folder it leads to. */
function placeOf(outDir: string, path: string, root: string): [outDir: string, path: string] {
  const up = /^(?:\.\.\/)*/.exec(path)?.[0] ?? ''
  return [relative(root, resolve(outDir, up)).split(sep).join('/'), path.slice(up.length)]
}

function registriesOf({ destinations }: ResolvedOptions, release: Release | undefined): Registry[] {
  const byGlobal = new Map([[defaultRegistry.global, defaultRegistry]])
  for (const { global, entry } of destinations.flatMap(destination => destination.registries ?? [])) {
    byGlobal.set(global, entry ? { global, entry: debugId => entry(debugId, release) } : { global })
  }
  return [...byGlobal.values()]
}
