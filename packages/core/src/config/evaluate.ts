import { createRequire } from 'node:module'
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MapsealError } from '../errors.ts'
import { compileTypeScript } from './typescript.ts'

/** Runs a module that Node can read. */
type Evaluate<Result> = (file: string) => Result

/** The default export of a config; the file may use top-level `await`. @throws whatever it throws */
export async function importConfig(path: string): Promise<unknown> {
  const evaluate: Evaluate<Promise<unknown>> = async file => defaultOf(await import(pathToFileURL(file).href))
  if (!isReadByNode(path)) return withCompiled(path, evaluate)
  return evaluate(path).catch(cause => (isUnread(cause) ? withCompiled(path, evaluate) : Promise.reject(cause)))
}

/** The same without waiting. @throws MapsealError where the file uses top-level `await` */
export function requireConfig(path: string): unknown {
  const require = createRequire(path)
  const evaluate: Evaluate<unknown> = file => defaultOf(require(file))
  try {
    return isReadByNode(path) ? evaluate(path) : withCompiledNow(path, evaluate)
  } catch (cause) {
    const { code } = cause as { code?: unknown }
    if (isUnread(cause)) return withCompiledNow(path, evaluate)
    if (code !== 'ERR_REQUIRE_ASYNC_MODULE') throw cause
    const advice = 'Remove it, or import the file in the config of the bundler and pass it to mapseal().'
    const message = `${basename(path)} uses top-level await, which a plugin cannot wait for. ${advice}`
    throw new MapsealError('config', message, { cause })
  }
}

async function withCompiled(path: string, evaluate: Evaluate<Promise<unknown>>): Promise<unknown> {
  const { file, remove } = compileTypeScript(path)
  return evaluate(file).finally(remove)
}

function withCompiledNow(path: string, evaluate: Evaluate<unknown>): unknown {
  const { file, remove } = compileTypeScript(path)
  try {
    return evaluate(file)
  } finally {
    remove()
  }
}

/** CommonJS that a compiler made of a module has its default export beside a mark. */
function defaultOf(module: unknown): unknown {
  const { default: value = module } = Object(module) as { default?: unknown }
  const { __esModule: isModule, default: inner } = Object(value) as { __esModule?: unknown; default?: unknown }
  return isModule && inner !== undefined ? inner : isNamespace(value) ? undefined : value
}

/** A module without a default export. */
function isNamespace(value: unknown): boolean {
  return Object(value)[Symbol.toStringTag] === 'Module'
}

/** Node before 22.18 reads no TypeScript. */
function isReadByNode(path: string): boolean {
  const { features, versions } = process as typeof process & { features: { typescript?: unknown } }
  return !path.endsWith('.ts') || Boolean(features.typescript) || 'bun' in versions
}

/** Later versions read only TypeScript whose types can be stripped. */
function isUnread(cause: unknown): boolean {
  return (cause as { code?: unknown }).code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX'
}
