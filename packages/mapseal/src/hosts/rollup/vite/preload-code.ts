import { readTrailingComments, writeTrailingComments } from '@mapseal/core'
import type { OutputBundle, OutputChunk } from 'rollup'
import type { Plugin, ResolvedConfig } from 'vite'

/**
 * Vite 5.0 and 5.1 append a function to chunks with dynamic imports, after the comment with the debug ID. The comment
 * is moved behind it right after that, inside Vite's own plugin, because plugins that digest the bundle do so next.
 */
export function keepIdsLast({ plugins }: ResolvedConfig): void {
  const plugin = plugins.find(({ name }) => name === 'vite:build-import-analysis')
  const append = plugin?.generateBundle
  if (typeof append !== 'function') return
  const moveAfter: typeof append = async function (output, bundle, isWrite) {
    await append.call(this, output, bundle, isWrite)
    for (const file of Object.values(bundle as object as OutputBundle)) if (file.type === 'chunk') moveId(file)
  }
  Object.assign(plugin as Plugin, { generateBundle: moveAfter })
}

/** The function has no mappings, so that no map changes with its lines. */
function moveId(chunk: OutputChunk): void {
  const start = chunk.code.lastIndexOf('function __vite__mapDeps(')
  if (start === -1) return
  const before = chunk.code.slice(0, start)
  const comments = readTrailingComments(before)
  if (comments.debugId === undefined) return
  chunk.code = `${before.slice(0, comments.bodyEnd)}\n${chunk.code.slice(start)}${writeTrailingComments(comments)}`
}
