import { dirname, resolve } from 'node:path'
import { type Logger, movesLines, withoutSources } from '@mapseal/core'
import type { OutputChunk, Plugin, TransformResult } from 'rollup'
import type { BundleSealing, Stamp } from './bundle.ts'
import { isKnown } from './known-plugins.ts'

/** Learns whether a plugin has moved the lines of a module without a map of that. */
export type NoteLeftModule = (id: string, plugin: Plugin, isLeft: boolean) => void

/** Modules whose lines are those of the developer; others, such as styles, are no code before they are transformed. */
const codePattern = /^[^\0?]+\.(?:[cm]?[jt]sx?|vue|svelte)$/

/**
 * The `transform` hook of a plugin, watched; undefined where there is nothing to watch. Without a map, or with `map: null`, it tells
 * the bundler that no place has moved.
 */
export function watchedTransform(plugin: Plugin, note: NoteLeftModule): Plugin['transform'] {
  const hook = plugin.transform
  const transform = typeof hook === 'object' ? hook.handler : hook
  if (!hook || !transform || isKnown(plugin)) return undefined
  const handler: typeof transform = function (code, id, ...rest) {
    const look = (result: TransformResult) => {
      if (codePattern.test(id)) note(id, plugin, leavesMap(code, result))
      return result
    }
    const result = transform.call(this, code, id, ...rest)
    return result instanceof Promise ? result.then(look) : look(result as TransformResult)
  }
  return typeof hook === 'object' ? { ...hook, handler } : handler
}

function leavesMap(before: string, result: TransformResult): boolean {
  const after = typeof result === 'string' ? result : result?.code
  const hasMap = typeof result === 'object' && Boolean(result?.map)
  return !hasMap && typeof after === 'string' && after !== before && movesLines(before, after)
}

export interface LeftModules {
  note: NoteLeftModule
  /** Those of a chunk, each with the plugin that changed it. */
  in(chunk: OutputChunk): Map<string, string>
}

export function leftModules(): LeftModules {
  const plugins = new Map<string, Plugin>()
  return {
    note(id, plugin, isLeft) {
      if (isLeft) plugins.set(id, plugin)
      else if (plugins.get(id) === plugin) plugins.delete(id)
    },
    in({ modules }) {
      if (plugins.size === 0) return new Map()
      const ids = Object.keys(modules).filter(id => plugins.has(id) && (modules[id]?.renderedLength ?? 0) > 0)
      return new Map(ids.map(id => [id, (plugins.get(id) as Plugin).name]))
    },
  }
}

/** The map of a script without what leads to modules whose lines are not those that the map names. */
export function withoutLeft(
  map: Buffer,
  { outDir }: Pick<BundleSealing, 'outDir'>,
  { path, stamp }: { path: string; stamp: Stamp | undefined },
): Buffer {
  const modules = stamp?.left
  if (!modules) return map
  const folder = dirname(resolve(outDir, path))
  return withoutSources(map, source => modules.has(resolve(folder, source))) ?? map
}

/** How many are named. */
const mostNamed = 3

/** @param modules the plugins by module */
export function warnOfLeftModules(modules: Map<string, string>, root: string, logger: Logger): void {
  for (const plugin of new Set(modules.values())) {
    const paths = [...modules].flatMap(([id, by]) => (by === plugin ? [id.replace(`${root}/`, '')] : []))
    const named = `${paths.slice(0, mostNamed).join(', ')}${paths.length > mostNamed ? ', …' : ''}`
    logger.warn(
      `[mapseal] [maps] The plugin "${plugin}" changed lines in "transform" and returned no source map, so places in ${named} cannot be decoded.`,
    )
  }
}
