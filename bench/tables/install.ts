import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Contestant } from '../contestants/list.ts'
import { ours } from '../contestants/list.ts'
import { measure } from '../measure/run.ts'
import { ROOT } from '../places.ts'
import type { Lock } from '../setup/lock.ts'

/** What `npm install` of a plugin into an empty project brings, with an empty cache. */
export interface InstallFigures {
  contestant: string
  /** As on the command line. */
  packages: string[]
  count: number
  bytes: number
  wallMs: number
  error?: string
}

export async function measureInstalls(
  contestants: Contestant[],
  tarballs: string[],
  lock: Lock,
  say: (line: string) => void,
): Promise<InstallFigures[]> {
  const figures: InstallFigures[] = []
  for (const contestant of contestants) {
    const isOurs = contestant === ours
    const packages = isOurs ? tarballs : await withVersions(contestant)
    const cost = await lock.hold(() => measureInstall(packages))
    say(`install ${contestant.name}: ${cost.error ?? `${cost.count} packages, ${(cost.bytes / 1e6).toFixed(1)} MB`}`)
    figures.push({ contestant: contestant.name, packages: isOurs ? ours.install : packages, ...cost })
  }
  return figures
}

async function withVersions({ name, install }: Contestant): Promise<string[]> {
  const { dependencies } = JSON.parse(await readFile(join(ROOT, 'contestants', name, 'package.json'), 'utf8'))
  return install.map(packageName => `${packageName}@${dependencies[packageName]}`)
}

/** Bundlers, as peers, are there already; install scripts, some of which download programs, do not run. */
async function measureInstall(packages: string[]): Promise<Omit<InstallFigures, 'contestant' | 'packages'>> {
  const folder = await mkdtemp(join(tmpdir(), 'mapseal-bench-install-'))
  const project = join(folder, 'project')
  await mkdir(project)
  await writeFile(join(project, 'package.json'), '{ "private": true }\n')
  const flags = ['--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', '--cache', join(folder, 'cache')]
  try {
    const { code, wallMs, output } = await measure('npm', ['install', ...flags, ...packages], { cwd: project })
    if (code !== 0) return { count: 0, bytes: 0, wallMs, error: output.slice(0, 200) }
    const modules = join(project, 'node_modules')
    const { packages: installed } = JSON.parse(await readFile(join(modules, '.package-lock.json'), 'utf8'))
    return { count: Object.keys(installed).length, bytes: await bytesOf(modules), wallMs }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function bytesOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile())
  const sizes = await Promise.all(files.map(async entry => (await stat(join(entry.parentPath, entry.name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
