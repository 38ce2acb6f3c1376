import { rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Baseline, buildBaseline, buildPlain, buildSealed, type Cell, type Sealing } from './builds.ts'
import { emptyFolder, isScript } from './files.ts'
import { checkNames, checkReleases, differences } from './invariants/honest.ts'
import { checkIdentified } from './invariants/identified.ts'
import { checkSealed } from './invariants/sealed.ts'
import { compareBuilds } from './oracle/compare.ts'
import { withoutHash } from './oracle/pairs.ts'
import { checkSecondReader } from './oracle/second-reader.ts'
import { pluginMaker } from './plugin.ts'
import { scratchDir } from './project.ts'
import { checkRun } from './run.ts'
import type { Build, BundleCase, Bundler } from './types.ts'
import type { OldVersion } from './versions.ts'

export interface CellReport {
  scripts: number
  mappings: number
  problems: string[]
}

/** They differ in length, so that columns shift when the second replaces the first. */
const [firstRelease, secondRelease] = ['1.2.3', '1.2.4-beta.10']

/** Builds a case with one bundler, with and without the plugin, and checks every invariant. */
export async function runCell(
  name: string,
  fixture: BundleCase,
  bundler: Bundler,
  version?: OldVersion,
): Promise<CellReport> {
  const cell: Cell = { name, fixture, bundler, version, dir: join(scratchDir, `${name}-${version ?? bundler}`) }
  await emptyFolder(cell.dir)
  try {
    return await checkCell(cell)
  } finally {
    if (!process.env.MATRIX_KEEP) await rm(cell.dir, { recursive: true, force: true })
  }
}

async function checkCell(cell: Cell): Promise<CellReport> {
  const { fixture, bundler } = cell
  const project = join(cell.dir, 'project')
  const except = fixture.except ?? {}
  const baseline = await buildBaseline(cell, project)
  const problems: string[] = []

  const folders = bundler === 'esbuild' || bundler === 'bun' ? undefined : foldersOf(baseline)
  const { seen, ...sealing } = await buildSealed(cell, project, { release: firstRelease }, folders)
  const { build: sealed, kept } = sealing
  if (!except.sealed) {
    problems.push(...seen.map(path => `I1 ${path}: a map was in the output folder during the build`))
    problems.push(...checkSealed(sealing.written, fixture.options?.link as string | undefined))
  }
  problems.push(...checkWarnings(fixture, sealing.warnings))

  const scripts = [...sealed.files.keys()].filter(
    path => isScript(path) && !isForeign(cell, path) && !fixture.isExcluded?.(path),
  )
  problems.push(...checkIdentified(sealed, scripts, kept.ids))
  problems.push(...checkVault(fixture, sealing, scripts))
  const hasHtml = [...sealed.files.keys()].some(path => path.endsWith('.html'))
  const isExtraAllowed = (path: string) => hasHtml && isReleaseCarrier(sealed, path)
  problems.push(...checkExcluded(cell, baseline, sealing))
  const comparison = compareBuilds(withoutExcluded(fixture, baseline), sealed, { isExtraAllowed, ...fixture.compare })
  if (!except.mappings) problems.push(...comparison.problems)
  problems.push(...(await checkSecondReader(sealed.maps)))
  problems.push(...(await checkRun(fixture, sealed, scripts, kept, firstRelease)))

  if (fixture.isHashed !== false) problems.push(...checkNames(baseline.files, sealed.files, 'without the plugin'))
  // An older bundler differs in what it does, not in what the plugin makes of it.
  const isOld = cell.version !== undefined
  if (!except.elsewhere && !isOld) problems.push(...(await checkElsewhere(cell, sealing, baseline)))
  if (!except.release) problems.push(...(await checkOtherRelease(cell, project, sealing, hasHtml)))
  if (!except.disabled && !isOld) problems.push(...(await checkDisabled(cell, project, baseline)))
  const { place, vaultDir, warnings, written } = sealing
  problems.push(
    ...((await fixture.check?.({ place, baseline, sealed, written, ids: kept.ids, vaultDir, warnings })) ?? []),
  )
  return { scripts: comparison.scripts, mappings: comparison.mappings, problems }
}

function checkWarnings({ warnings: expected = [] }: BundleCase, warnings: string[]): string[] {
  const surprises = warnings.filter(warning => !expected.some(pattern => pattern.test(warning)))
  const unsaid = expected.filter(pattern => !warnings.some(warning => pattern.test(warning)))
  return [...surprises.map(text => `unexpected warning: ${text}`), ...unsaid.map(text => `no warning like ${text}`)]
}

/** One build record; each script in it as it ships. */
function checkVault({ builds = 1, isInlined }: BundleCase, { kept, build }: Sealing, scripts: string[]): string[] {
  const problems = kept.builds === builds ? [] : [`${kept.builds} build records`]
  for (const path of scripts) {
    const code = kept.codes.get(path)
    if (!code) problems.push(`${path}: not in the vault`)
    else if (!code.equals(build.files.get(path) as Buffer)) problems.push(`${path}: not in the vault as it ships`)
  }
  const strays = [...kept.codes.keys()].filter(path => !build.files.has(path) && !isInlined?.(path))
  return [...problems, ...strays.map(path => `${path}: in the vault and not in the output`)]
}

/**
 * I4: the same in a second run, in another folder, into another vault. Some bundlers' own output depends on the folder;
 * there, only what does not in the baseline has to be the same.
 */
async function checkElsewhere(cell: Cell, first: Sealing, baseline: Baseline): Promise<string[]> {
  const project = join(cell.dir, 'elsewhere', 'deeper', 'project')
  const second = await buildSealed(cell, project, { release: firstRelease })
  const problems = [
    ...differences(first.written, second.written).map(path => [path, 'in another folder'] as const),
    ...differences(first.kept.maps, second.kept.maps).map(path => [path, 'in another folder, in its map'] as const),
  ]
  if (problems.length === 0) return []
  await emptyFolder(second.place.outDir)
  const { written } = await buildBaseline(cell, project)
  const unsteady = new Set(differences(baseline.written, written).map(path => withoutHash(path).replace(/\.map$/, '')))
  const ours = problems.filter(([path]) => !unsteady.has(withoutHash(path)))
  return ours.map(([path, where]) => `I4 ${path}: not the same ${where}`)
}

async function checkOtherRelease(cell: Cell, project: string, first: Sealing, hasHtml: boolean): Promise<string[]> {
  const second = await buildSealed(cell, project, { release: secondRelease })
  return checkReleases({
    first: { ...first.build, ids: first.kept.ids, release: firstRelease },
    second: { ...second.build, ids: second.kept.ids, release: secondRelease },
    isHashed: cell.fixture.isHashed !== false,
    carriesRelease: cell.fixture.carriesRelease !== false,
    // Bun makes IDs, before the release is in the script.
    hasOwnIds: !cell.fixture.except?.releaseIds && cell.bundler !== 'bun',
    hasHtml,
  })
}

/** I6: switched off, the plugin leaves no trace, even on settings that the config leaves unset. */
async function checkDisabled(cell: Cell, project: string, baseline: Baseline): Promise<string[]> {
  const { maps } = cell.fixture
  const vaultDir = join(cell.dir, 'vault-disabled')
  const plugins = await pluginMaker(cell.bundler, { enabled: false, vault: vaultDir }, cell.fixture.instances)
  const plain = maps === undefined ? await buildPlain(cell, project, () => [], maps) : baseline.written
  const disabled = await buildPlain(cell, project, plugins, maps)
  const problems = differences(plain, disabled).map(path => `I6 ${path}: not the same with enabled: false`)
  return (await stat(vaultDir).catch(() => undefined))
    ? [...problems, 'I6 a vault was made although disabled']
    : problems
}

/** Their maps go nowhere, so there is nothing to compare. */
function withoutExcluded({ isExcluded }: BundleCase, build: Build): Build {
  return { ...build, maps: new Map([...build.maps].filter(([path]) => !isExcluded?.(path))) }
}

/** As without the plugin: the same bytes, and the same name where a bundler makes it after plugins have run. */
function checkExcluded({ fixture, bundler }: Cell, baseline: Build, { build, kept }: Sealing): string[] {
  const { isExcluded } = fixture
  if (!isExcluded) return []
  const isNamedBefore = bundler === 'esbuild' || bundler === 'bun'
  const nameOf = isNamedBefore ? withoutHash : (path: string) => path
  const excluded = [...build.files].filter(([path]) => isExcluded(path))
  const before = new Map(
    [...baseline.files].filter(([path]) => isExcluded(path)).map(([path, code]) => [nameOf(path), code]),
  )
  return [
    ...(excluded.length > 0 && excluded.length === before.size ? [] : [`${excluded.length} scripts are excluded`]),
    ...excluded
      .filter(([path, code]) => !before.get(nameOf(path))?.equals(code))
      .map(([path]) => `${path}: excluded, and not as without the plugin`),
    ...excluded.filter(([path]) => kept.codes.has(path)).map(([path]) => `${path}: excluded, and in the vault`),
  ]
}

/** Farm's run time is a script of its own, made of no module. */
function isForeign({ fixture, bundler }: Cell, path: string): boolean {
  return fixture.isForeign?.(path) ?? (bundler === 'farm' && path.startsWith('__farm_runtime.'))
}

function foldersOf({ files }: Build): Set<string> {
  return new Set([...files.keys()].map(path => dirname(path)))
}

function isReleaseCarrier({ files }: Build, path: string): boolean {
  return files.get(path)?.includes('SENTRY_RELEASE') ?? false
}
