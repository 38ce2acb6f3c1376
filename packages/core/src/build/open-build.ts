import { createQueue } from '../concurrency.ts'
import { deliverable } from '../deliver/lacking.ts'
import { withoutAbsoluteSources } from '../guard/absolute-sources.ts'
import { createGuard } from '../guard/guard.ts'
import { withSourcesContent } from '../guard/sources-content.ts'
import { resolveLink } from '../inject/link.ts'
import { readTrailingComments } from '../inject/trailing-comments.ts'
import { longestMap, withoutOversizedMap } from '../map/size.ts'
import type { ConnectedOptions } from '../options.ts'
import type { Artifact, BuildRecord, ReportedFile } from '../types.ts'
import { type Builds, openBuilds } from '../vault/builds.ts'
import { openVault, projectName, refuseVaultIn, shownLocation, workspaceFolder } from '../vault/locate.ts'
import { newBuildId } from './build-id.ts'
import { createClock } from './clock.ts'
import { readCommit } from './commit.ts'
import { findRecord, rememberPart } from './earlier-part.ts'
import { finishBuild } from './finish.ts'
import { namedRelease } from './named-release.ts'
import { createNames } from './names.ts'
import { createPlaces } from './places.ts'
import { onProcessExit, withdrawFromExit } from './process-exit.ts'
import { processState } from './process-state.ts'
import { createRecordPart } from './record-part.ts'
import { detectRelease } from './release.ts'
import { type Report, unendedLine } from './report.ts'
import { inlineMapIn } from './scan.ts'
import { fileKey, nothingSealed } from './sealed.ts'
import type { Session } from './session.ts'
import { createSnippets } from './snippets.ts'

export interface OpenBuild extends Session {
  /** Lets go of all files, so that another plugin instance may build them again. */
  freeNames(): void
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
  const isStored = options.output !== 'keep' || options.destinations.some(({ isSnippetOnly }) => !isSnippetOnly)
  const commitRead = isStored ? readCommit(root) : undefined
  const release = await detectRelease(options.release, root, process.env, commitRead)
  let newestBuild: Promise<BuildRecord | undefined> | undefined
  const newest = () => (newestBuild ??= vault.newest())
  const sealed = nothingSealed()
  const inMemory = new Set<string>()
  const onDisk = new Set<string>()
  let expectsNothing = false
  const looks: (() => Promise<void>)[] = []
  const clock = createClock()
  const names = createNames()
  const placeOf = createPlaces(root)
  const link = (path: string, debugId: string) =>
    options.link && resolveLink(options.link, { path, debugId }, options.urls)
  const { destinations, skipped } = await deliverable(options)
  const receivers = destinations.filter(({ isSnippetOnly }) => !isSnippetOnly)
  const pack = vault.newPack({ newest, ...(receivers.some(({ sendsGzip }) => sendsGzip) && { isGzip: true }) })
  const isLeaving = isStored && (receivers.length > 0 || vault.location.startsWith('s3://'))
  const guard = isLeaving ? createGuard(options.secrets, root) : undefined
  const workspace = workspaceFolder(root)
  const guarded = (outDir: string, artifact: Artifact) => {
    const wanted = withSourcesContent(artifact, options.sourcesContent, outDir, { root, workspace })
    return guard ? guard.pass(withoutAbsoluteSources(wanted, outDir, workspace, root)) : wanted
  }
  let earlier: Promise<Builds> | undefined
  // Outputs that are written at the same time share a pack: none may go on before it is durable.
  const inTurn = createQueue(1)
  const command = commandOf(options, root, release)
  const sayRestored = ({ id }: BuildRecord) =>
    options.logger.info(
      `[mapseal] [build] The output equals that of build ${id}, as from a cache: it is not recorded or delivered again.`,
    )
  const onRestored = options.mayBeRestored ? sayRestored : undefined

  async function create(): Promise<BuildRecord> {
    // The pack has read it before.
    const before = isStored && sealed.files.size > 0 ? await newest() : undefined
    const record = newRecord(release, projectName(root), before?.id)
    const commit = await commitRead
    if (commit) record.commit = commit
    if (options.urlPrefix !== undefined) record.urlPrefix = options.urlPrefix
    return record
  }

  const find = () => (isStored ? findRecord({ key, command, vault, sealed, root, onRestored, create }) : create())
  const part = createRecordPart({ vault, sealed, destinations: receivers, find })

  async function commit(): Promise<void> {
    // What another output adds from here on may be in a pack that is not written yet.
    const files = new Map(sealed.files)
    await pack.commit()
    if (!isStored || files.size === 0) return
    await part.write('open', files)
    onProcessExit(tellOfExit)
  }

  /** Errors that the bundler was given, and shows. */
  const thrown = new WeakSet<object>()
  const shown = <Result>(work: () => Promise<Result>): Promise<Result> =>
    clock.timed(work).catch(cause => {
      thrown.add(cause)
      throw cause
    })

  /** Tools that build type declarations apart do so after the scripts, whose report says it all. */
  function isOfTypesAlone(): boolean {
    return sealed.isScriptless && sealed.outDirs.size === 0 && processState().endedBuilds.has(key)
  }

  /** Another tool, such as a type checker, may end the process before `end` is called. */
  function tellOfExit(): void {
    const mapped = [...sealed.files.values()].filter(({ map }) => map).length
    options.logger.warn(unendedLine(mapped, shownLocation(vault.location, root)))
  }

  return {
    release,
    ...createSnippets(options, release),
    link,
    takeId: names.takeId,
    hasId: names.hasId,
    claim: names.claim,
    async earlierMap(debugId) {
      earlier ??= openBuilds(vault)
      for await (const { files } of (await earlier).withId(debugId, undefined)) {
        const file = files.find(file => file.debugId === debugId && file.map)
        if (file?.map) return vault.read(file.map)
      }
      return undefined
    },
    isStored: () => isStored,
    add: (outDir, given, givenProblem) =>
      shown(async () => {
        if (isStored && !sealed.outDirs.has(outDir)) refuseVaultIn(outDir, vault.location, root)
        const { artifact, problem = givenProblem } = withoutOversizedMap(guarded(outDir, given), mapLimit)
        const { debugId } = artifact
        const { dir, outDir: path, path: file } = placeOf(outDir, artifact.path)
        sealed.outDirs.add(dir)
        const name = release && options.destinations.length > 0 ? namedRelease(artifact.code) : undefined
        if (name !== undefined && name !== release?.name) sealed.otherReleases.set(name, file)
        const kind = inlineMapIn(Buffer.from(artifact.code.buffer, artifact.code.byteOffset, artifact.code.length))
        const blobs = isStored ? await pack.put(artifact) : {}
        const url = options.link && readTrailingComments(artifact.code as Buffer).mapUrl
        const isLinked = url !== undefined && url === link(artifact.path, debugId)
        const reported: ReportedFile = { path: file, outDir: path, debugId, ...(isLinked && { link: url }), ...blobs }
        sealed.files.set(fileKey(reported), problem ? { ...reported, problem } : reported)
        if (kind) sealed.inlineMaps.set(fileKey(reported), kind)
      }),
    reveals(outDir, leak) {
      const { outDir: folder, path } = placeOf(outDir, leak.path)
      sealed.leaks.push({ ...leak, path, outDir: folder })
    },
    noteWritten: sealed.written.add,
    markScriptless: () => {
      sealed.isScriptless = true
    },
    alsoScan: outDir => void sealed.outDirs.add(outDir),
    freeNames: names.free,
    expectNothing() {
      expectsNothing = true
    },
    markKept: outDir => void sealed.kept.add(outDir),
    markInMemory: outDir => void inMemory.add(outDir),
    markOnDisk: outDir => void onDisk.add(outDir),
    beforeEnd: look => void looks.push(look),
    commit: () => shown(() => inTurn(commit)),

    async end(outcome) {
      if (outcome === 'done') for (const look of looks.splice(0)) await look()
      names.free()
      withdrawFromExit(tellOfExit)
      if (sealed.files.size === 0 && (expectsNothing || isOfTypesAlone())) return undefined
      return inTurn(async () => {
        const outDirs = [...sealed.outDirs].filter(outDir => onDisk.has(outDir) || !inMemory.has(outDir))
        const wanted = { ...options, destinations }
        const passedOver = sealed.files.size > 0 ? skipped : []
        const ending = {
          options: wanted,
          skipped: passedOver,
          root,
          vault,
          pack,
          sealed,
          outDirs,
          isStored,
          mapLimit,
          part,
          guarded,
          guardLines: () => guard?.lines() ?? [],
          clock,
          thrown,
        }
        const report = await finishBuild(outcome, ending)
        if (outcome === 'done') rememberPart(key, await part.current())
        return report
      })
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

/** What the processes of one command have in common whose builds are one; undefined without `MAPSEAL_BUILD`. */
function commandOf(options: ConnectedOptions, root: string, release: Session['release']): string | undefined {
  const command = process.env.MAPSEAL_BUILD
  if (!command) return undefined
  const destinations = options.destinations.map(({ name, identity }) => [name, identity])
  return JSON.stringify([command, projectName(root), release?.name, release?.dist, destinations])
}
