import { linkSeed } from '../inject/link.ts'
import type { ConnectedOptions } from '../options.ts'
import type { Artifact, Bytes, Release } from '../types.ts'
import { openVault, packageFolder } from '../vault/locate.ts'
import { type OpenBuild, openBuild } from './open-build.ts'
import { processState } from './process-state.ts'
import type { Report } from './report.ts'
import type { Leak } from './scan.ts'
import { loadAllowed, loadSelection } from './selection.ts'
import type { Snippets } from './snippets.ts'

/** One build: all its outputs make one record, one release and one delivery per destination. */
export interface Session extends Snippets {
  release: Release | undefined
  /** Where a script says that its map is; undefined where it says nothing. @throws MapsealError if that cannot be */
  link(path: string, debugId: string): string | undefined
  /** Takes an ID for a file, by its absolute path; false where another file of the build has it. */
  takeId(debugId: string, file: string): boolean
  /** Whether a file of this build has the ID. */
  hasId(debugId: string): boolean
  /** Whether a file, by its absolute path, is the caller's: the first to ask owns it, so that a second instance is idle. */
  claim(file: string, owner: object): boolean
  /** The map that an earlier build kept under this ID, for files that were sealed before. */
  earlierMap(debugId: string): Promise<Bytes | undefined>
  /** Whether artifacts go into the vault: not where maps stay in the output and no destination wants them. */
  isStored(): boolean
  /** Takes an artifact into the vault. @throws MapsealError where the vault cannot be written */
  add(outDir: string, artifact: Artifact, problem?: string): Promise<void>
  /** Has a folder scanned at the end that may hold nothing which was added. */
  alsoScan(outDir: string): void
  /** Reports what a file shows that was sealed for all that. */
  reveals(outDir: string, leak: Leak): void
  /** The caller has just written these files, by absolute paths, as they were added, so that they need not be read again. */
  noteWritten(files: string[]): void
  /** An output has no scripts, and is not meant to: it holds type declarations or data. */
  markScriptless(): void
  /** The source maps of this folder stay in it, so they are no leaks. */
  markKept(outDir: string): void
  /** The bundler hands this folder's files to its caller instead of writing them, so what is on the disk is not of this build. */
  markInMemory(outDir: string): void
  /** The bundler writes to this folder, even if other outputs for it were handed over: Vite builds workers in memory. */
  markOnDisk(outDir: string): void
  /** There is nothing to build, so a build without scripts is not reported. */
  expectNothing(): void
  /** Has `look` called when a build that went well ends, with everything that takes part in it sealed. */
  beforeEnd(look: () => Promise<void>): void
  /**
   * Makes durable what was added, with a record that names it; only then may maps leave the output.
   *
   * @throws MapsealError as `add`
   */
  commit(): Promise<void>
}

/** One output's part in a session. */
export interface Participation extends Session {
  /** Whether the options of this part have a script sealed; the folder of one that is not is scanned for leaks all the same. */
  selects(path: string, outDir?: string): boolean
  /** Whether the options let the file's source be public, so that it is left alone. */
  allows(path: string): boolean
  /** Whether its files are written. What else its bundler does is then not waited for when the next build begins. */
  markWritten(isWritten?: boolean): void
  /**
   * The last to leave ends the build. One that failed is delivered by no one but `mapseal flush`, and only if its scripts are
   * on the disk. Further calls do nothing.
   *
   * @param isFollowed whether another part follows in this process, so that the build waits for it: as long as the process has
   * something left to do
   */
  leave(outcome: 'done' | 'failed', isFollowed?: boolean): Promise<Report | undefined>
  /** Ends the build as failed for all that take part in it. */
  abort(): Promise<void>
}

export interface OpenSession {
  build: Promise<OpenBuild>
  /** Whether each has written its files. */
  participants: Map<symbol, boolean>
  hasFailed: boolean
  /** Ends a build that waits for its next part, of which none may come. */
  endAlone?: () => Promise<unknown>
}

/**
 * Joins the build that is going on, or opens one. Outputs of one project with the same release and destinations are one
 * build while they overlap in time.
 *
 * @param root the project's folder, or one in it
 */
export async function joinSession(options: ConnectedOptions, root: string): Promise<Participation> {
  const { openSessions } = processState()
  const key = keyOf(options, root)
  const before = openSessions.get(key)
  // Another plugin's hook never came back, or threw before ours: what was written then is a build of its own.
  if (before && !before.endAlone && [...before.participants.values()].every(Boolean)) await end(key, before)
  const open = openSessions.get(key) ?? {
    build: openBuild(options, root, key),
    participants: new Map(),
    hasFailed: false,
  }
  openSessions.set(key, open)
  stopWaiting(open)
  const participant = Symbol(root)
  open.participants.set(participant, false)
  const build = await open.build
  const isSelected = await loadSelection(options)
  const isAllowed = await loadAllowed(options)

  return {
    ...build,
    selects(path, outDir) {
      const isOurs = isSelected(path)
      if (!isOurs && outDir !== undefined) build.alsoScan(outDir)
      return isOurs
    },
    allows: isAllowed,
    markWritten(isWritten = true) {
      if (open.participants.has(participant)) open.participants.set(participant, isWritten)
    },
    async leave(outcome, isFollowed = false) {
      if (!open.participants.delete(participant)) return undefined
      if (outcome === 'failed') open.hasFailed = true
      if (open.participants.size > 0) return undefined
      return isFollowed && !open.hasFailed ? awaitNext(key, open) : end(key, open)
    },
    async abort() {
      if (!open.participants.has(participant)) return
      open.hasFailed = true
      await end(key, open)
    },
  }
}

/** A process that calls `exit` instead leaves an open record, and `mapseal flush` to deliver it. */
async function awaitNext(key: string, open: OpenSession): Promise<undefined> {
  const build = await open.build
  build.freeNames()
  open.endAlone = () => end(key, open)
  process.once('beforeExit', open.endAlone)
}

function stopWaiting(open: OpenSession): void {
  if (open.endAlone) process.off('beforeExit', open.endAlone)
  delete open.endAlone
}

async function end(key: string, open: OpenSession): Promise<Report | undefined> {
  const { openSessions } = processState()
  open.participants.clear()
  stopWaiting(open)
  if (openSessions.get(key) === open) openSessions.delete(key)
  return (await open.build).end(open.hasFailed ? 'failed' : 'done')
}

/** What makes outputs one build. Two apps that are built at once in one process are two. */
function keyOf(options: ConnectedOptions, root: string): string {
  const { location } = openVault(options.vault, root, options)
  const destinations = options.destinations.map(({ name, identity }) => [name, identity])
  const { release, urlPrefix, urls, link, dryRun, deliver, secrets, sourcesContent } = options
  const others = { urlPrefix, urls: urls && `${urls}`, link: linkSeed(link), dryRun, deliver, secrets, sourcesContent }
  return JSON.stringify([location, packageFolder(root), release, destinations, others])
}
