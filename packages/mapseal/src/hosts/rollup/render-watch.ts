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
    const rendered = await render.call(this, code, chunk, output, meta)
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
