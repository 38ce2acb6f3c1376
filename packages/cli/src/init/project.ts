import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Bundler, bundlers } from './bundlers.ts'

/** A file that runs or configures a bundler. */
export interface BundlerConfig {
  bundler: Bundler
  /** Relative to the project. */
  path: string
  /** Undefined for a file that is to be made. */
  text: string | undefined
}

export interface Project {
  cwd: string
  /** Names of packages in `package.json`, of every kind. */
  dependencies: Set<string>
  scripts: Record<string, string>
  isModule: boolean
  configs: BundlerConfig[]
}

/** @returns undefined where there is no `package.json` */
export async function readProject(cwd: string): Promise<Project | undefined> {
  const manifest = await readFile(join(cwd, 'package.json'), 'utf8').then(JSON.parse, () => undefined)
  if (manifest === undefined) return undefined
  const { dependencies, devDependencies, optionalDependencies, scripts = {}, type } = manifest
  const project: Project = {
    cwd,
    dependencies: new Set(Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })),
    scripts,
    isModule: type === 'module',
    configs: [],
  }
  project.configs = await findConfigs(project)
  return project
}

async function findConfigs(project: Project): Promise<BundlerConfig[]> {
  const files = await readdir(project.cwd)
  const found: BundlerConfig[] = []
  for (const bundler of bundlers) {
    const named = files.filter(file => bundler.config.test(file)).sort()
    const paths = named.length > 0 ? named : await scriptsThatUse(project, bundler)
    for (const path of paths) found.push({ bundler, path, text: await readFile(join(project.cwd, path), 'utf8') })
  }
  if (found.length > 0) return found
  // Vite needs no config until it has a plugin.
  const vite = bundlers.find(({ name }) => name === 'vite')
  if (!vite || !project.dependencies.has('vite')) return []
  const extension = files.includes('tsconfig.json') ? 'ts' : project.isModule ? 'js' : 'mjs'
  return [{ bundler: vite, path: `vite.config.${extension}`, text: undefined }]
}

/** Files that the scripts of `package.json` run and that import the bundler themselves, as those of esbuild do. */
async function scriptsThatUse({ cwd, scripts }: Project, { name, isScripted }: Bundler): Promise<string[]> {
  if (!isScripted) return []
  const words = Object.values(scripts).flatMap(script => script.split(/\s+/))
  const paths = [...new Set(words.filter(word => /\.[cm]?[jt]s$/.test(word) && !word.startsWith('-')))]
  const texts = await Promise.all(paths.map(path => readFile(join(cwd, path), 'utf8').catch(() => '')))
  return paths.filter((_, index) => new RegExp(`['"]${name}['"]`).test(texts[index] ?? ''))
}
