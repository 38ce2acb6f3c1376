import { randomBytes } from 'node:crypto'
import { relative, sep } from 'node:path'
import { deliverBuild, pending, withClient } from '../deliver/deliver.ts'
import { createSnippet, defaultRegistry } from '../inject/snippet.ts'
import type { ConnectedOptions, ResolvedOptions } from '../options.ts'
import type { Artifact, BuildRecord, Bytes, Registry, Release, ReportedFile } from '../types.ts'
import { openVault, refuseVaultIn } from '../vault/locate.ts'
import { finishBuild, scanAll } from './finish.ts'
import { detectRelease } from './release.ts'
import { createReport, type Report } from './report.ts'
import { loadSelection } from './selection.ts'

/** One build of this process: all its outputs make one record, one release and one delivery per destination. */
export interface Session {
  release: Release | undefined
  /** The text to inject, with or without the release's name. */
  snippet(carriesRelease: boolean): string
  /** What a script lacks that another tool registers; undefined where that is nothing. */
  supplement(carriesRelease: boolean): string | undefined
  /** Takes an ID for a file, by its absolute path; false where another file of the build has it. */
  takeId(debugId: string, file: string): boolean
  /** Whether a file of this build has the ID. */
  hasId(debugId: string): boolean
  /** Whether a file, by its absolute path, is the caller's: the first to ask owns it, so that a second instance is idle. */
  claim(file: string, owner: object): boolean
  /** The map that an earlier build kept under this ID, for files that were sealed before. */
  earlierMap(debugId: string): Promise<Bytes | undefined>
  /** Whether artifacts go into the vault: not where maps stay in the output and are delivered nowhere. */
  isStored(): boolean
  /** Takes an artifact into the vault. @throws MapsealError where the vault cannot be written */
  add(outDir: string, artifact: Artifact, problem?: string): Promise<void>
  /** Makes durable what was added; only then may maps leave the output. @throws MapsealError as `add` */
  commit(): Promise<void>
}

/** One output's part in a session. */
export interface Participation extends Session {
  /** Whether the options of this part have a script sealed; the folder of one that is not is scanned for leaks all the same. */
  selects(path: string, outDir?: string): boolean
  /** The last to leave finishes the build; if any has failed, nothing is recorded or delivered. Further calls do nothing. */
  leave(outcome: 'done' | 'failed'): Promise<Report | undefined>
}

interface OwnSession extends Session {
  /** Has a folder scanned at the end that may hold nothing which was added. */
  alsoScan(outDir: string): void
  finish(): Promise<Report>
  /** Drops what a failed build has stored so far. */
  discard(): Promise<void>
}

interface OpenSession {
  session: Promise<OwnSession>
  options: ConnectedOptions
  participants: Set<symbol>
  hasFailed: boolean
}

const key: unique symbol = Symbol.for('mapseal/1 open sessions') as never

/**
 * By vault. Bundlers build one app in several plugin instances (Vite environments, workers, multi-compilers) that share
 * nothing but the process, so this cannot live in an instance. Nor can it live in a module: a tool that compiles a config to
 * CommonJS loads a second copy of this file beside the one that Node.js imports.
 */
const openSessions = globalMap()

function globalMap(): Map<string, OpenSession> {
  const scope = globalThis as { [key]?: Map<string, OpenSession> }
  scope[key] ??= new Map()
  return scope[key]
}

/** Joins the build that is going on, or opens one. */
export async function joinSession(options: ConnectedOptions, root: string): Promise<Participation> {
  const vault = openVault(options.vault, root, options)
  let open = openSessions.get(vault.location)
  if (!open) {
    open = { session: openSession(options, root), options, participants: new Set(), hasFailed: false }
    openSessions.set(vault.location, open)
  }
  const known = new Set(open.options.destinations.map(({ name }) => name))
  open.options.destinations.push(...options.destinations.filter(({ name }) => !known.has(name)))
  const participant = Symbol(root)
  open.participants.add(participant)
  const session = await open.session
  const isSelected = await loadSelection(options)

  const selects = (path: string, outDir?: string) => {
    const isOurs = isSelected(path)
    if (!isOurs && outDir !== undefined) session.alsoScan(outDir)
    return isOurs
  }
  const leave = async (outcome: 'done' | 'failed') => {
    if (!open.participants.delete(participant)) return undefined
    if (outcome === 'failed') open.hasFailed = true
    if (open.participants.size > 0) return undefined
    openSessions.delete(vault.location)
    if (!open.hasFailed) return session.finish()
    await session.discard()
    return undefined
  }
  return { ...session, selects, leave }
}

async function openSession(options: ConnectedOptions, root: string): Promise<OwnSession> {
  const vault = openVault(options.vault, root, options)
  const release = await detectRelease(options.release, root)
  const isSelected = await loadSelection(options)
  const pack = vault.newPack()
  const files = new Map<string, ReportedFile>()
  const idOwners = new Map<string, string>()
  const fileOwners = new Map<string, object>()
  const outDirs = new Set<string>()
  const scannedDirs = new Set<string>()
  let stores: boolean | undefined

  /** Decided at the first artifact, when all instances have joined, for the whole build. */
  function isStored(): boolean {
    stores ??= options.output === 'sealed' || options.destinations.length > 0
    return stores
  }

  const createdAt = new Date().toISOString()
  const id = `${createdAt.replace(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}`
  let busyMs = 0
  let running = 0
  let since = 0
  let earlier: BuildRecord[] | undefined

  /** Work that overlaps counts once. */
  async function timed<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running++ === 0) since = performance.now()
    try {
      return await work()
    } finally {
      if (--running === 0) busyMs += performance.now() - since
    }
  }

  async function finish(): Promise<Report> {
    const build = { id, version: 1 as const, createdAt, files: sorted(files), deliveries: {} } as BuildRecord
    if (release) build.release = release
    const leaks: Report['leaks'] = []
    await timed(async () => {
      for (const { name } of options.destinations) build.deliveries[name] = pending()
      if (build.files.length > 0 && isStored()) {
        await pack.commit()
        await vault.record(build)
        if (options.deliver === 'now' && options.destinations.length > 0) {
          const { destinations, logger, ca } = options
          await withClient(
            options.connect,
            (fetch, signal) => deliverBuild(build, { vault, destinations, logger, fetch, signal, ca }),
            options,
          )
        }
        await vault.prune(options.retain)
      }
      if (options.output === 'sealed') leaks.push(...(await scanAll(scannedDirs, root, build.files, isSelected)))
    })
    const report = createReport(build, isStored() ? vault.location : undefined, leaks, busyMs / 1000)
    await finishBuild(report, options, root)
    return report
  }

  return {
    release,
    snippet: carriesRelease => createSnippet(registriesOf(options), carriesRelease ? release : undefined),
    supplement(carriesRelease) {
      const registries = registriesOf(options).filter(({ global }) => global !== defaultRegistry.global)
      const named = carriesRelease ? release : undefined
      return registries.length > 0 || named ? createSnippet(registries, named) : undefined
    },
    takeId(debugId, file) {
      if (!idOwners.has(debugId)) idOwners.set(debugId, file)
      return idOwners.get(debugId) === file
    },
    hasId: debugId => idOwners.has(debugId),
    claim(file, owner) {
      if (!fileOwners.has(file)) fileOwners.set(file, owner)
      return fileOwners.get(file) === owner
    },
    async earlierMap(debugId) {
      earlier ??= await vault.records()
      const file = earlier.flatMap(build => build.files).find(file => file.debugId === debugId && file.map)
      return file?.map && vault.read(file.map)
    },
    isStored,
    alsoScan: outDir => void scannedDirs.add(outDir),
    add: (outDir, artifact, problem) =>
      timed(async () => {
        if (isStored() && !outDirs.has(outDir)) refuseVaultIn(outDir, vault.location, root)
        outDirs.add(outDir)
        scannedDirs.add(outDir)
        const path = relative(root, outDir).split(sep).join('/')
        const { path: file, debugId } = artifact
        const blobs = isStored() ? await pack.put(artifact) : {}
        const record: ReportedFile = { path: file, outDir: path, debugId, ...blobs }
        files.set(`${path}\0${file}`, problem ? { ...record, problem } : record)
      }),
    commit: () => timed(() => pack.commit()),
    finish,
    discard: () => pack.discard(),
  }
}

function registriesOf({ destinations }: ResolvedOptions): Registry[] {
  const byGlobal = new Map([[defaultRegistry.global, defaultRegistry]])
  for (const registry of destinations.flatMap(destination => destination.registries ?? [])) {
    byGlobal.set(registry.global, registry)
  }
  return [...byGlobal.values()]
}

function sorted(files: Map<string, ReportedFile>): ReportedFile[] {
  return [...files.keys()].sort().map(key => files.get(key) as ReportedFile)
}
