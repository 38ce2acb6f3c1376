import { fileURLToPath } from 'node:url'
import { movesCode } from '@mapseal/core'
import type { NormalizedOutputOptions, Plugin } from 'rollup'
import { isKnown } from './known-plugins.ts'

/** Learns that a plugin has changed the code of a chunk and left its map as it was. The chunk's name is the preliminary one. */
export type NoteLeftMap = (output: NormalizedOutputOptions, chunk: string, plugin: string) => void

/**
 * The plugin, watched in its `renderChunk`: with `map: null` it tells the bundler that no place has moved, which many do that
 * have put lines before the code. Later nothing shows that the map is another code's. The plugin itself is left as it is.
 */
export function watchRendering(plugin: Plugin, note: NoteLeftMap): Plugin {
  const hook = plugin?.renderChunk
  const render = typeof hook === 'object' ? hook?.handler : hook
  // Vite replaces a word of its own by a shorter one, in code that is not minified yet.
  if (!hook || !render || isKnown(plugin)) return plugin
  const handler: typeof render = async function (code, chunk, output, meta) {
    const rendering = async () => render.call(this, code, chunk, output, meta)
    const rendered = await rendering().catch(cause => {
      throw withoutOurFrames(cause)
    })
    const isWhole = typeof rendered === 'string'
    const after = isWhole ? rendered : rendered?.code
    const hasMap = !isWhole && Boolean(rendered?.map)
    // Rolldown has another kind of code than text, which knows what was moved.
    if (output.sourcemap && !hasMap && typeof after === 'string' && movesCode(code, after))
      note(output, chunk.fileName, plugin.name)
    return rendered
  }
  return Object.create(plugin, {
    renderChunk: { value: typeof hook === 'object' ? { ...hook, handler } : handler, enumerable: true },
  })
}

const ownFile = fileURLToPath(import.meta.url)

/** The error of a plugin is not ours, and bundlers print where it comes from. */
function withoutOurFrames(cause: unknown): unknown {
  if (!(cause instanceof Error) || !cause.stack) return cause
  const lines = cause.stack.split('\n')
  cause.stack = lines.filter(line => !line.includes(ownFile) && !line.includes(import.meta.url)).join('\n')
  return cause
}
