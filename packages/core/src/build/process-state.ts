import type { BuildRecord } from '../types.ts'
import type { OpenSession } from './session.ts'

interface ProcessState {
  /** Builds that are going on, by what makes outputs one build. */
  openSessions: Map<string, OpenSession>
  /** The record of the last build that ended, likewise. */
  endedBuilds: Map<string, BuildRecord>
  /** Which plugin instance has each file, by absolute path: two instances in one config may differ in their options. */
  fileOwners: Map<string, object>
  /** The parts of a build that share a message, by project and message. */
  announced: Map<string, Set<string>>
  /** What is called when the process exits. */
  exitListeners: Set<() => void>
}

const key: unique symbol = Symbol.for('mapseal/1 process state') as never

/**
 * Bundlers build one app in several plugin instances (Vite environments, workers, multi-compilers) that share nothing but the
 * process, so this cannot live in an instance. Nor can it live in a module: a tool that compiles a config to CommonJS loads a
 * second copy of this file beside the one that Node.js imports.
 */
export function processState(): ProcessState {
  const scope = globalThis as { [key]?: ProcessState }
  scope[key] ??= {
    openSessions: new Map(),
    endedBuilds: new Map(),
    fileOwners: new Map(),
    announced: new Map(),
    exitListeners: new Set(),
  }
  return scope[key]
}
