import type { UrlPreview } from '../deliver/match.ts'
import type { ResolvedOptions } from '../options.ts'
import type { BuildRecord, ReportedFile } from '../types.ts'
import { shownLocation } from '../vault/locate.ts'
import { type Leak, stylePattern } from './scan.ts'
import { unmappedByDesign } from './seal/unmapped-by-design.ts'

/** What a build came to; written as JSON by the `report` option and by `--json`. */
export interface Report {
  build: Omit<BuildRecord, 'files'> & { files: ReportedFile[] }
  /** The vault's folder or URL, where something was stored. */
  vault?: string
  scripts: number
  /** Scripts whose stacks can be read: they have a map that is a map. */
  decodable: number
  /** By output folder, relative to the project's root; `isExcluded` where the options leave the script as it is. */
  leaks: (Leak & { outDir: string; isExcluded?: true })[]
  /** By destination and path: the URLs in stacks for which it takes the map. Absent where none goes by URL. */
  urls?: UrlPreview
  /** How long our own work took. */
  seconds: number
}

export function createReport(
  build: Report['build'],
  vault: string | undefined,
  leaks: Report['leaks'],
  seconds: number,
  urls: UrlPreview = {},
): Report {
  const ships = ({ fate }: ReportedFile) => fate !== 'gone'
  const scripts = build.files.filter(file => isScript(file) && ships(file))
  const decodable = scripts.filter(file => file.problem === undefined).length
  return {
    build,
    ...(vault && { vault }),
    scripts: scripts.length,
    decodable,
    leaks,
    ...(Object.keys(urls).length > 0 && { urls }),
    seconds,
  }
}

/** Code that can stand in a stack, be it inlined into a page. */
function isScript({ path, fate }: ReportedFile): boolean {
  return fate === 'inlined' || !stylePattern.test(bare(path))
}

/** A file name without the query or hash that some bundlers put into it. */
export function bare(path: string): string {
  return path.replace(/[?#].*$/, '')
}

/** The one line that ends a build. */
export function summaryLine(report: Report, root: string): string {
  const { build, scripts, decodable, seconds } = report
  // A build without files is not recorded.
  const states = build.files.length > 0 ? Object.entries(build.deliveries) : []
  const delivered = states.filter(([, { state }]) => state === 'delivered').map(([name]) => name)
  const pending = states.filter(([, { state }]) => state !== 'delivered').map(([name]) => name)
  const vault = report.vault && shownLocation(report.vault, root)
  const kept = build.files.some(({ map }) => map) ? `source maps kept in ${vault}` : 'no source map to keep'
  const place = build.files.length > 0 ? (vault ? kept : 'source maps left beside the code') : 'nothing to keep'
  return [
    `[mapseal] ${count(scripts, 'script')}, ${decodable} decodable`,
    build.release ? `release ${build.release.name}` : 'no release',
    delivered.length > 0 ? `delivered to ${delivered.join(', ')}` : place,
    ...(pending.length > 0 ? [`not yet delivered to ${pending.join(', ')} (in ${vault})`] : []),
    `${seconds.toFixed(2)} s`,
  ].join(' · ')
}

/** What became of a build that failed for another's reason. @param written the files that are on the disk */
export function abandonedLine(written: ReportedFile[], vault: string): string {
  const mapped = written.filter(({ map }) => map).length
  const whose = mapped === written.length ? 'Their source maps' : `The source maps of ${mapped} of them`
  const kept = mapped === 0 ? 'None of them has a source map' : `${whose} are kept in ${vault}`
  return `[mapseal] [build] The build failed after ${count(written.length, 'file')} had been written. ${kept}.`
}

/** What became of a build whose process another tool has ended, such as a type checker. @param mapped files with a map */
export function unendedLine(mapped: number, vault: string): string {
  const kept = mapped === 0 ? '' : ` The source maps of ${count(mapped, 'file')} are kept in ${vault}.`
  return `[mapseal] [build] The process ended before the build did.${kept}`
}

/** What the user can fix, a line each; `failures` are what `onError` is about. */
export interface Complaints {
  warnings: string[]
  failures: string[]
}

/** @param isScriptless whether an output is meant to hold no scripts */
export function complaints(
  report: Report,
  { include, exclude }: Pick<ResolvedOptions, 'include' | 'exclude'>,
  isScriptless: boolean,
): Complaints {
  const { build, leaks } = report
  const failed = Object.entries(build.deliveries).filter(([, { state }]) => state === 'failed')
  const isMeant = isScriptless && report.scripts === 0
  const useless = isMeant ? undefined : uselessLine(report, include !== undefined || exclude.length > 0)
  // Without a destination nothing depends on the maps yet.
  const isDelivered = Object.keys(build.deliveries).length > 0
  return {
    warnings: [...(useless && !isDelivered ? [useless] : []), ...undecodableLines(report)],
    failures: [
      ...(useless && isDelivered ? [useless] : []),
      ...leaks.slice(0, 5).map(leakLine),
      ...(leaks.length > 5 ? [`[mapseal] [scan] …and ${leaks.length - 5} more files; the report lists them.`] : []),
      ...failed.map(
        ([name, { message = '' }]) =>
          `[mapseal] [${name}] Not delivered: ${asSentence(message)}${build.files.some(({ map }) => map) ? ' The source maps are safe in the vault.' : ''}`,
      ),
    ],
  }
}

function asSentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`
}

/** How many files are named in a line. */
const mostNamed = 3

/** One for each cause. Where nothing can be decoded, that complaint names the first. */
function undecodableLines({ build, scripts, decodable }: Report): string[] {
  const byProblem = new Map<string, string[]>()
  for (const { path, problem } of build.files) {
    if (problem !== undefined && problem !== unmappedByDesign)
      byProblem.set(problem, [...(byProblem.get(problem) ?? []), path])
  }
  const causes = [...byProblem].slice(scripts > 0 && decodable === 0 ? 1 : 0)
  const lines = causes.slice(0, 5).map(([problem, [first = '', ...rest]]) => {
    if (rest.length === 0) return `[mapseal] [maps] ${first} cannot be decoded: ${problem}.`
    const named = [first, ...rest].slice(0, mostNamed).join(', ')
    const more = rest.length >= mostNamed ? `, … The report lists them` : ''
    return `[mapseal] [maps] ${rest.length + 1} files cannot be decoded: ${problem} (${named}${more}).`
  })
  const left = causes.length - lines.length
  return left > 0 ? [...lines, `[mapseal] [maps] …and ${count(left, 'more cause')}; the report lists them.`] : lines
}

/** The complaint about a build none of whose stacks can be read. */
function uselessLine({ build, scripts, decodable }: Report, isSelective: boolean): string | undefined {
  if (scripts === 0 && isSelective)
    return '[mapseal] [build] "include" and "exclude" select no script, so there was nothing to seal or deliver. Globs are relative to the output folder.'
  if (scripts === 0)
    return '[mapseal] [build] No script was generated, so there was nothing to seal or deliver. Check the output folder.'
  if (decodable > 0) return undefined
  const why = build.files.find(file => file.problem !== undefined)?.problem ?? 'there is no source map'
  return `[mapseal] [maps] 0 of ${count(scripts, 'script')} can be decoded (${why}), so there is nothing of use to deliver. Check the bundler's source map setting, and the plugins that change or delete what it makes.`
}

/** A script whose events name another release than the one that was delivered. */
export function otherReleaseLine(path: string, name: string, release: BuildRecord['release']): string {
  const found = name === 'undefined' ? 'no release' : `the release "${name}"`
  return `[mapseal] [release] ${path} gives ${found} to its SDK, but the build is "${release?.name}" (${release?.source}). Leave "release" out of the SDK's options, or set the same name for both, such as in SENTRY_RELEASE.`
}

function leakLine({ outDir, path, kind, isExcluded }: Report['leaks'][number]): string {
  const file = outDir ? `${outDir}/${path}` : path
  const found = `[mapseal] [scan] ${file} still reveals source (${kind}).`
  if (kind === 'eval')
    return `${found} Its modules hold their sources: set "devtool" and take EvalSourceMapDevToolPlugin out of the plugins.`
  if (kind === 'vault') return `${found} A vault must not be copied into the output: remove it.`
  if (isExcluded)
    return `${found} "include" and "exclude" leave it as it is: have its tool make no map, or seal it too.`
  return `${found} Another tool or an earlier build wrote it; empty the folder before the build, run \`npx mapseal seal ${outDir || '.'}\` after it, or name it in "allow" if it may be public.`
}

export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`
}
