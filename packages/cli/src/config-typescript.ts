import { randomBytes } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MapsealError } from '@mapseal/core'

/** The default export of the file at `path`; undefined where this version of the compiler cannot read it. */
type Read = (compiler: never, path: string) => Promise<{ value: unknown } | undefined>

/** In order of preference. Each comes from the project; Mapseal installs none. */
const READERS: Record<string, Read> = {
  esbuild: withEsbuild,
  rolldown: withRolldown,
  jiti: withJiti,
  typescript: withTypeScript,
}

/** The default export of a TypeScript file, through whichever compiler the project has. @throws MapsealError if it has none */
export async function importTypeScript(path: string, compilers: string[] = Object.keys(READERS)): Promise<unknown> {
  const project = createRequire(path)
  // A project with Vite has its esbuild or Rolldown, which strict package managers hide from other packages.
  const vite = found(project, 'vite/package.json')
  const scopes = [project, ...(vite === undefined ? [] : [createRequire(vite)])]
  for (const name of compilers) {
    const file = scopes.map(scope => found(scope, name)).find(file => file !== undefined)
    if (file === undefined) continue
    const read = await READERS[name]?.((await import(pathToFileURL(file).href)) as never, path)
    if (read) return read.value
  }
  throw new MapsealError(
    'config',
    `Node ${process.versions.node} cannot read ${basename(path)} by itself. Install esbuild, or rename it to mapseal.config.mjs.`,
  )
}

async function withEsbuild({ build }: typeof import('esbuild'), path: string): Promise<{ value: unknown }> {
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

async function withRolldown({ rolldown }: typeof import('rolldown'), path: string): Promise<{ value: unknown }> {
  const isPackage = (id: string) => !id.startsWith('.') && !isAbsolute(id)
  const bundle = await rolldown({
    input: path,
    external: isPackage,
    platform: 'node',
    tsconfig: false,
    logLevel: 'silent',
  })
  try {
    const { output } = await bundle.generate({ format: 'esm', codeSplitting: false })
    return importText(output[0].code, path)
  } finally {
    await bundle.close()
  }
}

interface Jiti {
  createJiti(from: string): { import(path: string, options: { default: true }): Promise<unknown> }
}

async function withJiti({ createJiti }: Jiti, path: string): Promise<{ value: unknown }> {
  return { value: await createJiti(path).import(path, { default: true }) }
}

async function withTypeScript(
  { default: typescript }: { default: Partial<typeof import('typescript')> },
  path: string,
): Promise<{ value: unknown } | undefined> {
  const { transpileModule, ModuleKind, ScriptTarget } = typescript
  // TypeScript 7 exports its version and nothing else.
  if (!transpileModule || !ModuleKind || !ScriptTarget) return undefined
  const { outputText } = transpileModule(await readFile(path, 'utf8'), {
    compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 },
  })
  return importText(outputText, path)
}

/** Writes the result beside the config for a moment, so that its imports resolve from there. */
async function importText(text: string, path: string): Promise<{ value: unknown }> {
  const file = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.mjs`)
  try {
    await writeFile(file, text)
    const module: { default?: unknown } = await import(pathToFileURL(file).href)
    return { value: module.default }
  } finally {
    await rm(file, { force: true })
  }
}

function found(scope: NodeJS.Require, name: string): string | undefined {
  try {
    return scope.resolve(name)
  } catch {
    return undefined
  }
}
