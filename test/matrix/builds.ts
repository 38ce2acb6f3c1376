import { join } from 'node:path'
import type { Options } from 'mapseal'
import { toBuild } from './baseline.ts'
import { emptyFolder, readFolder } from './files.ts'
import { pluginMaker } from './plugin.ts'
import { copyFixture } from './project.ts'
import { runCase } from './runners/run.ts'
import type { Build, BundleCase, Bundler, Files, Place } from './types.ts'
import { type Kept, readVault } from './vault.ts'
import type { OldVersion } from './versions.ts'
import { watchForMaps } from './watch.ts'

/** One cell: a case in a scratch folder, and the bundler to build it with. */
export interface Cell {
  name: string
  fixture: BundleCase
  bundler: Bundler
  version?: OldVersion | undefined
  dir: string
}

/** One build without the plugin; `written` has the maps as files. */
export interface Baseline extends Build {
  written: Files
}

/** One build with the plugin: the output folder and the vault, and what was logged and observed meanwhile. */
export interface Sealing {
  written: Files
  build: Build
  kept: Kept
  place: Place
  vaultDir: string
  warnings: string[]
}

export async function buildBaseline(cell: Cell, project: string): Promise<Baseline> {
  const written = await buildPlain(cell, project, () => [], cell.fixture.maps ?? 'hidden')
  return { ...toBuild(join(project, 'dist'), written), written }
}

/** Builds into an empty folder and reads what was written. */
export async function buildPlain(
  cell: Cell,
  project: string,
  plugins: Place['plugins'],
  maps: Place['maps'],
): Promise<Files> {
  await copyProject(cell, project)
  const place: Place = { ...placeOf(cell, project), plugins, maps }
  await emptyFolder(place.outDir)
  return (await runCase(cell.fixture, place)) ?? (await readFolder(place.outDir))
}

export async function buildSealed(
  cell: Cell,
  project: string,
  options: Options,
  watched?: Iterable<string>,
): Promise<Sealing & { seen: string[] }> {
  await copyProject(cell, project)
  const vaultDir = join(cell.dir, `vault-${options.release}-${project.length}`)
  const warnings: string[] = []
  const warn = (message: string) => void warnings.push(message)
  const logger = { info: () => {}, warn, error: warn }
  const settings: Options = { vault: vaultDir, onError: 'fail', logger, ...options, ...cell.fixture.options }
  const plugins = await pluginMaker(cell.bundler, settings, cell.fixture.instances)
  const place: Place = { ...placeOf(cell, project), plugins, maps: cell.fixture.maps }
  await emptyFolder(place.outDir)
  const watcher = watched && (await watchForMaps(place.outDir, watched))
  const inMemory = await runCase(cell.fixture, place)
  const seen = (await watcher?.stop()) ?? []
  const written = inMemory ?? (await readFolder(place.outDir))
  const kept = await readVault(vaultDir, project, place.outDir)
  const files = new Map([...written].filter(([path]) => !path.endsWith('.map')))
  return { written, build: { outDir: place.outDir, files, maps: kept.maps }, kept, place, vaultDir, warnings, seen }
}

function copyProject({ name, fixture }: Cell, project: string): Promise<void> {
  return copyFixture(fixture.sources ?? name, project, fixture.prepare)
}

function placeOf({ bundler, version }: Cell, project: string): Pick<Place, 'bundler' | 'version' | 'dir' | 'outDir'> {
  return { bundler, version, dir: project, outDir: join(project, 'dist') }
}
