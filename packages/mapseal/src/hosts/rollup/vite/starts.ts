import type { NamedChunk } from '../vite-hooks.ts'

/** The part of a plugin's context that is used. */
interface Modules {
  getModuleInfo(id: string): { importers: readonly string[]; dynamicImporters: readonly string[] } | null
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
  return !isServer && isSynthetic(id) && exports.length > 0 && all.some(input => !isSynthetic(input))
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
