import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MapsealError } from '../errors.ts'

/** A file as JavaScript; undefined where this version of the compiler cannot read it. @param compiler its file */
type Compile = (compiler: string, path: string) => string | undefined

/** In order of preference. Each comes from the project; Mapseal installs none. */
const COMPILERS: Record<string, Compile> = {
  esbuild: byEsbuild,
  rolldown: byRolldown,
  jiti: byJiti,
  typescript: byTypeScript,
}

export interface CompiledFile {
  file: string
  remove(): void
}

/**
 * Compiles a TypeScript file through whichever compiler the project has. The result lies beside it until it is removed, so
 * that its imports resolve from there.
 *
 * @throws MapsealError if the project has no compiler
 */
export function compileTypeScript(path: string, compilers: string[] = Object.keys(COMPILERS)): CompiledFile {
  const project = createRequire(path)
  // A project with Vite has its esbuild or Rolldown, which strict package managers hide from other packages.
  const vite = found(project, 'vite/package.json')
  const scopes = [project, ...(vite === undefined ? [] : [createRequire(vite)])]
  for (const name of compilers) {
    const compiler = scopes.map(scope => found(scope, name)).find(file => file !== undefined)
    const code = compiler === undefined ? undefined : COMPILERS[name]?.(compiler, path)
    if (code !== undefined) return writeBeside(path, code)
  }
  throw new MapsealError(
    'config',
    `Node ${process.versions.node} cannot read ${basename(path)} by itself. Install esbuild, or rename it to mapseal.config.mjs.`,
  )
}

function byEsbuild(compiler: string, path: string): string {
  const { buildSync } = createRequire(path)(compiler) as typeof import('esbuild')
  const { outputFiles } = buildSync({
    entryPoints: [path],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

/** It bundles asynchronously alone, so a process does it that can be waited for. */
function byRolldown(compiler: string, path: string): string {
  const script = `
    import { isAbsolute } from 'node:path'
    import { rolldown } from ${JSON.stringify(pathToFileURL(compiler).href)}
    const external = id => !id.startsWith('.') && !isAbsolute(id)
    const options = { external, platform: 'node', tsconfig: false, logLevel: 'silent' }
    const bundle = await rolldown({ input: ${JSON.stringify(path)}, ...options })
    const { output } = await bundle.generate({ format: 'esm', codeSplitting: false })
    await bundle.close()
    process.stdout.write(output[0].code)`
  const args = ['--input-type=module', '--eval', script]
  const { execFileSync } = process.getBuiltinModule('node:child_process')
  return execFileSync(process.execPath, args, { cwd: dirname(path), encoding: 'utf8', windowsHide: true })
}

/** Compiled files import others through Jiti, which they find in its own package. */
function byJiti(compiler: string, path: string): string {
  const [jiti, config] = [pathToFileURL(compiler).href, path].map(text => JSON.stringify(text))
  return `
    import { createJiti } from ${jiti}
    const load = createJiti(${config})
    const module = load(${config})
    export default module.default ?? module`
}

function byTypeScript(compiler: string, path: string): string | undefined {
  const { transpileModule, ModuleKind, ScriptTarget } = createRequire(path)(compiler) as Partial<
    typeof import('typescript')
  >
  // TypeScript 7 exports its version and nothing else.
  if (!transpileModule || !ModuleKind || !ScriptTarget) return undefined
  const { outputText } = transpileModule(readFileSync(path, 'utf8'), {
    compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 },
  })
  return outputText
}

function writeBeside(path: string, code: string): CompiledFile {
  const file = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.mjs`)
  writeFileSync(file, code)
  return { file, remove: () => rmSync(file, { force: true }) }
}

function found(scope: NodeJS.Require, name: string): string | undefined {
  try {
    return scope.resolve(name)
  } catch {
    return undefined
  }
}
