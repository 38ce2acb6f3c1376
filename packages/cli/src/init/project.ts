import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Bundler, bundlers, frameworks } from './bundlers.ts'
import { namedConfigs } from './scripts.ts'

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
  const ofFramework = await configsOf(frameworks, project, files)
  if (ofFramework.length > 0) return ofFramework
  const made = frameworks.find(({ name }) => project.dependencies.has(name))
  const ofBundlers = made ? [] : await configsOf(bundlers, project, files)
  if (ofBundlers.length > 0) return ofBundlers
  const bundler = [...frameworks, ...bundlers].find(({ name, empty }) => empty && project.dependencies.has(name))
  if (!bundler) return []
  const extension = files.includes('tsconfig.json') ? 'ts' : project.isModule ? 'js' : 'mjs'
  return [{ bundler, path: `${bundler.name}.config.${extension}`, text: undefined }]
}

async function configsOf(
  bundlers: readonly Bundler[],
  { cwd, scripts }: Project,
  files: string[],
): Promise<BundlerConfig[]> {
  const found: BundlerConfig[] = []
  for (const bundler of bundlers) {
    const usual = files.filter(file => bundler.config.test(file)).sort()
    const named = bundler.calls ? await scriptsThatUse(cwd, scripts, bundler) : namedConfigs(scripts, bundler)
    const paths = named.length > 0 ? named.flatMap(path => (path === '' ? usual : [path])) : usual
    for (const path of new Set(paths)) {
      const text = await readFile(join(cwd, path), 'utf8').catch(() => undefined)
      if (text !== undefined) found.push({ bundler, path, text })
    }
  }
  return found
}

/** Files that the scripts of `package.json` run and that import the bundler themselves, as those of esbuild do. */
async function scriptsThatUse(cwd: string, scripts: Project['scripts'], { name }: Bundler): Promise<string[]> {
  const words = Object.values(scripts).flatMap(script => script.split(/\s+/))
  const paths = [...new Set(words.filter(word => /\.[cm]?[jt]s$/.test(word) && !word.startsWith('-')))]
  const texts = await Promise.all(paths.map(path => readFile(join(cwd, path), 'utf8').catch(() => '')))
  return paths.filter((_, index) => new RegExp(`['"]${name}['"]`).test(texts[index] ?? ''))
}
