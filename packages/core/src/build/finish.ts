import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { deliverBuild, withClient } from '../deliver/deliver.ts'
import { dryRunBuild } from '../deliver/dry-run.ts'
import { previewUrls } from '../deliver/match.ts'
import { MapsealError, reason } from '../errors.ts'
import type { ConnectedOptions } from '../options.ts'
import type { Artifact, BuildRecord, FileRecord, Pack, ReportedFile, Vault } from '../types.ts'
import { exists } from '../vault/folder-files.ts'
import { isIn, packageFolder, shownLocation } from '../vault/locate.ts'
import type { Clock } from './clock.ts'
import { dropMapCopy } from './copies.ts'
import type { RecordPart } from './record-part.ts'
import { abandonedLine, complaints, createReport, otherReleaseLine, type Report, summaryLine } from './report.ts'
import { mapPattern, scanFolder } from './scan.ts'
import { fileKey, type Sealed } from './sealed.ts'
import { loadAllowed, loadSelection } from './selection.ts'
import { relativePath, settle } from './settle.ts'

/** What a build that ends has done and knows. */
export interface Ending {
  /** With those destinations alone that can deliver. */
  options: ConnectedOptions
  /** A line for each other destination. */
  skipped: string[]
  root: string
  vault: Vault
  pack: Pack
  sealed: Sealed
  /** Those of the output folders that are on the disk. */
  outDirs: string[]
  isStored: boolean
  /** In bytes; a larger map is not stored. */
  mapLimit: number
  part: RecordPart
  /** Looks for secrets in an artifact of a folder that may leave the machine. */
  guarded(outDir: string, artifact: Artifact): Artifact
  /** What was found, a line each. */
  guardLines(): string[]
  clock: Clock
  /** Errors that the bundler shows. */
  thrown: WeakSet<object>
}

/**
 * Ends a build: settles what became of its files, delivers, scans and reports. Nothing is returned of one that failed.
 *
 * @throws MapsealError where `onError` says so, for a build that is done
 */
export async function finishBuild(outcome: 'done' | 'failed', ending: Ending): Promise<Report | undefined> {
  const { options, vault, sealed, isStored, clock } = ending
  if (outcome === 'failed') return clock.timed(() => abandon(ending))
  const leaks: Report['leaks'] = []
  const isRecorded = isStored && sealed.files.size > 0
  const record = await clock.timed(async () => {
    if (!options.isRehearsal) await settle(ending)
    const record = isRecorded ? await close(ending) : await ending.part.current()
    if (options.output !== 'keep' && !options.isRehearsal)
      leaks.push(...(await scanAll(ending, Date.parse(record.createdAt))))
    return record
  })
  // Where an earlier part of the build is in the same record, it was reported then.
  const build = { ...record, files: sorted(sealed) }
  const urls = isRecorded ? previewUrls(build, options.destinations, options.urls) : {}
  const report = createReport(build, isStored ? vault.location : undefined, leaks, clock.seconds(), urls)
  const otherReleases = [...sealed.otherReleases].map(([name, path]) => otherReleaseLine(path, name, record.release))
  const problems = isRecorded ? await vault.prune(options.retain, { caller: record.id }) : []
  for (const line of ending.skipped) options.logger.info(line)
  await reportBuild(report, [...otherReleases, ...problems], ending)
  return report
}

/** The files of others' failed builds stay as they are; what is on the disk stays readable, and is delivered by `flush`. */
async function abandon(ending: Ending): Promise<undefined> {
  const { options, root, vault, pack, sealed, outDirs, isStored, part, thrown } = ending
  const { logger } = options
  try {
    if (!isStored || sealed.files.size === 0) return void (await pack.discard())
    await settle(ending)
    const isThere = ({ outDir, path, fate }: ReportedFile) =>
      fate === 'compressed' || existsSync(resolve(root, outDir, path))
    const written = [...sealed.files.values()].filter(
      file => outDirs.includes(resolve(root, file.outDir)) && isThere(file),
    )
    if (written.length > 0) {
      await part.write('failed')
      logger.warn(abandonedLine(written, shownLocation(vault.location, root)))
      return
    }
    await part.withdraw()
    await pack.discard()
  } catch (cause) {
    if (!thrown.has(cause as object)) logger.warn(`[mapseal] [build] After the build had failed: ${reason(cause)}`)
  }
}

/** Before anything is sent, the record says that the build has ended. */
async function close({ options, vault, part }: Ending): Promise<BuildRecord> {
  const record = await part.write(undefined)
  const { destinations, urls, logger, ca, connect } = options
  if (options.dryRun) {
    await withClient(undefined, (_, signal) => dryRunBuild(record, { vault, destinations, urls, logger, signal }))
    return record
  }
  if (options.deliver !== 'now' || destinations.every(({ isSnippetOnly }) => isSnippetOnly)) return record
  const { delivered } = part
  await withClient(
    connect,
    (fetch, signal) => deliverBuild(record, { vault, destinations, urls, logger, fetch, signal, ca, delivered }),
    options,
  )
  return record
}

/** A folder that holds the project itself is not an output folder alone, so its other files are not scanned. */
async function scanAll({ root, sealed, outDirs, options }: Ending, since: number): Promise<Report['leaks']> {
  const isSelected = await loadSelection(options)
  const isAllowed = await loadAllowed(options)
  const leaks = sealed.leaks.filter(({ path }) => !isAllowed(path))
  const links = new Set([...sealed.files.values()].flatMap(({ link }) => link ?? []))
  for (const outDir of outDirs.filter(outDir => !sealed.kept.has(outDir))) {
    if (isIn(packageFolder(root), outDir) || !(await exists(outDir))) continue
    const path = relativePath(outDir, root)
    const files = [...sealed.files.values()].filter(
      (file): file is FileRecord => file.outDir === path && !!file.code && !file.fate && !file.problem,
    )
    const sizes = new Map(files.map(file => [file.path, file.code.size]))
    const inSealed = files.flatMap(file => {
      const kind = sealed.inlineMaps.get(fileKey(file))
      return kind ? [{ path: file.path, kind }] : []
    })
    for (const leak of [...inSealed, ...(await scanFolder(outDir, sizes, links))]) {
      const isKnown = sealed.leaks.some(known => known.outDir === path && known.path === leak.path)
      if (isKnown || isAllowed(leak.path) || dropMapCopy(outDir, leak.path, sizes, since)) continue
      const isExcluded = !isSelected(leak.path.replace(mapPattern, ''))
      leaks.push({ ...leak, outDir: path, ...(isExcluded && { isExcluded }) })
    }
  }
  return leaks
}

/** Writes the report and says what became of the build: the one place that decides between failing and warning. */
async function reportBuild(report: Report, problems: string[], { options, root, sealed }: Ending): Promise<void> {
  const { logger, onError } = options
  const unwritten = await writeReport(report, options.report, root)
  const { warnings, failures: found } = complaints(report, options, sealed.isScriptless)
  const failures = [...found, ...unwritten]
  // What stops the build, or goes to a function, is in the error alone.
  const isThrown = failures.length > 0 && onError !== 'warn'
  for (const line of [...warnings, ...problems, ...(isThrown ? [] : failures)]) logger.warn(line)
  logger.info(summaryLine(report, root))
  if (!isThrown) return
  if (typeof onError === 'function') onError(new MapsealError('build', `The build has problems: ${failures.join(' ')}`))
  else throw new StoppedError(report, failures)
}

/** The build is done, and reported, but `onError` stops it. */
export class StoppedError extends MapsealError {
  override name = 'StoppedError'
  // Bundlers print what an error has of its own.
  readonly #report: Report

  constructor(report: Report, failures: string[]) {
    super('build', `The build is stopped because onError is "fail" and: ${failures.join(' ')}`)
    this.#report = report
  }

  get report(): Report {
    return this.#report
  }
}

/** @returns what is to be complained of */
async function writeReport(report: Report, file: string | undefined, root: string): Promise<string[]> {
  if (file === undefined) return []
  const path = resolve(root, file)
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `${JSON.stringify(report, null, 2)}\n`)
    return []
  } catch (cause) {
    return [`[mapseal] [report] ${file} cannot be written: ${reason(cause)}. Name another file.`]
  }
}

function sorted({ files }: Sealed): ReportedFile[] {
  return [...files.keys()].sort().map(key => files.get(key) as ReportedFile)
}
