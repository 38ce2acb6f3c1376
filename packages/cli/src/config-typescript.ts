import { randomBytes } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MapsealError } from '@mapseal/core'

type Compiler = (path: string, load: (name: string) => Promise<unknown>) => Promise<unknown>

/** In order of preference. Each is the project's own: we bring none. */
const COMPILERS: Record<string, Compiler> = { esbuild: withEsbuild, jiti: withJiti, typescript: withTypeScript }

/** The default export of a TypeScript file, through whichever compiler the project has. @throws MapsealError if it has none */
export async function importTypeScript(path: string, compilers: string[] = Object.keys(COMPILERS)): Promise<unknown> {
  const require = createRequire(path)
  for (const name of compilers) {
    const compiler = COMPILERS[name]
    if (compiler && canResolve(require, name)) return compiler(path, name => importFrom(require, name))
  }
  throw new MapsealError(
    'config',
    `Node ${process.versions.node} cannot read ${basename(path)} by itself. Install esbuild, or rename it to mapseal.config.mjs.`,
  )
}

async function withEsbuild(path: string, load: (name: string) => Promise<unknown>): Promise<unknown> {
  const { build } = (await load('esbuild')) as typeof import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    write: false,
    logLevel: 'silent',
  })
  return importText(outputFiles[0]?.text ?? '', path)
}

async function withJiti(path: string, load: (name: string) => Promise<unknown>): Promise<unknown> {
  const { createJiti } = (await load('jiti')) as {
    createJiti(from: string): { import(path: string, options: { default: true }): Promise<unknown> }
  }
  return createJiti(path).import(path, { default: true })
}

async function withTypeScript(path: string, load: (name: string) => Promise<unknown>): Promise<unknown> {
  const { default: typescript } = (await load('typescript')) as { default: typeof import('typescript') }
  const { outputText } = typescript.transpileModule(await readFile(path, 'utf8'), {
    compilerOptions: { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2022 },
  })
  return importText(outputText, path)
}

/** Beside the config for a moment, so that its imports are found from where it stands. */
async function importText(text: string, path: string): Promise<unknown> {
  const file = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.mjs`)
  try {
    await writeFile(file, text)
    const module: { default?: unknown } = await import(pathToFileURL(file).href)
    return module.default
  } finally {
    await rm(file, { force: true })
  }
}

function canResolve(require: NodeJS.Require, name: string): boolean {
  try {
    require.resolve(name)
    return true
  } catch {
    return false
  }
}

function importFrom(require: NodeJS.Require, name: string): Promise<unknown> {
  return import(pathToFileURL(require.resolve(name)).href)
}
