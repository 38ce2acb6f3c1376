import type { NamedChunk } from '../vite-hooks.ts'

/** The part of a plugin's context that is used. */
interface Modules {
  getModuleIds(): Iterable<string>
  getModuleInfo(id: string): ModuleFacts | null
}

interface ModuleFacts {
  importers: readonly string[]
  dynamicImporters: readonly string[]
  isEntry: boolean
  /** Null before Rollup has parsed it. */
  exports: readonly string[] | null
}

export interface Entries {
  /** Those that the user named. */
  own: string[]
  /** All of the build. */
  all: string[]
  isServer: boolean
}

/**
 * Whether an entry is not what a page or a server starts with, but is loaded by another script: frameworks make an entry of
 * each route, and plugins of what another app may load. What users name themselves is what they start.
 */
export function isOnlyLoaded(chunk: NamedChunk, { own, all, isServer }: Entries, modules: Modules): boolean {
  const { facadeModuleId: id, exports } = chunk
  if (id === null || own.some(input => isSame(id, input))) return false
  const { importers = [], dynamicImporters = [] } = modules.getModuleInfo(id) ?? {}
  if (dynamicImporters.length > 0) return true
  // Part of the framework's own code, which its other entries load.
  if (importers.length > 0 && /[\\/]node_modules[\\/]/.test(id)) return true
  // A module that only the framework can name, for what it exports. A server's start may be one too.
  if (isServer || !isSynthetic(id) || all.every(isSynthetic)) return false
  return exports.length > 0 || hasExportingSibling(id, modules)
}

/** A route with nothing for the browser exports nothing there, but other entries with its query are routes that do. */
function hasExportingSibling(id: string, modules: Modules): boolean {
  const query = /\?.*$/.exec(id)?.[0]
  if (query === undefined) return false
  return [...modules.getModuleIds()].some(other => {
    const facts = other.endsWith(query) ? modules.getModuleInfo(other) : null
    return facts?.isEntry === true && (facts.exports?.length ?? 0) > 0
  })
}

function isSynthetic(id: string): boolean {
  return /^\0|^virtual:|\?/.test(id)
}

/** An input may be relative to the root, and lack the extension. */
function isSame(id: string, input: string): boolean {
  const [path = ''] = id.split('?')
  const named = input.replace(/^(?:\.{0,2}\/)+/, '')
  return path.endsWith(`/${named}`) || path.replace(/\.\w+$/, '').endsWith(`/${named}`)
}

/** The modules of an `input` option. */
export function inputsOf(input: unknown): string[] {
  if (typeof input === 'string') return [input]
  return input && typeof input === 'object' ? Object.values(input).filter(value => typeof value === 'string') : []
}
