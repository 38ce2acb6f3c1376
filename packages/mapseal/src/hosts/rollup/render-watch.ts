import { fileURLToPath } from 'node:url'
import { movesCode } from '@mapseal/core'
import type { InputPluginOption, NormalizedOutputOptions, OutputPlugin, OutputPluginOption } from 'rollup'
import { isKnown } from './known-plugins.ts'
import { type NoteLeftModule, watchedTransform } from './transform-watch.ts'

/** Learns that a plugin has changed the code of a chunk and left its map as it was. The chunk's name is the preliminary one. */
export type NoteLeftMap = (output: NormalizedOutputOptions, chunk: string, plugin: string) => void

interface PluginNotes {
  noteLeftMap: NoteLeftMap
  noteLeftModule: NoteLeftModule
}

/**
 * The plugins, watched in their `transform` and `renderChunk`: with `map: null` it tells the bundler that no place has moved, which many do that
 * have put lines before the code. Later nothing shows that the map is another code's. The plugins themselves are left as they are.
 */
export function watchPlugins(plugins: InputPluginOption, notes: PluginNotes): InputPluginOption {
  if (Array.isArray(plugins)) return plugins.map(plugin => watchPlugins(plugin, notes))
  if (plugins instanceof Promise) return plugins.then(found => watchPlugins(found, notes))
  if (!plugins) return plugins
  const renderChunk = watchedHook(plugins, [notes.noteLeftMap])
  const transform = watchedTransform(plugins, notes.noteLeftModule)
  if (!renderChunk && !transform) return plugins
  return Object.create(plugins, {
    ...(renderChunk && { renderChunk: { value: renderChunk, enumerable: true } }),
    ...(transform && { transform: { value: transform, enumerable: true } }),
  })
}

/**
 * The same for the plugins of an output. Bundlers have read their list before any hook is called, so that it is their hook which is
 * replaced, once for all builds that they take part in.
 */
export function watchOutputPlugins(plugins: OutputPluginOption, note: NoteLeftMap): void {
  if (Array.isArray(plugins)) for (const plugin of plugins) watchOutputPlugins(plugin, note)
  else if (plugins instanceof Promise) void plugins.then(found => watchOutputPlugins(found, note))
  else if (plugins) {
    const watched = (plugins.renderChunk as Partial<Watched> | undefined)?.[notesOf]
    if (watched) return void watched.add(note)
    const notes = new Set([note])
    const renderChunk = watchedHook(plugins, notes)
    if (renderChunk) plugins.renderChunk = Object.assign(renderChunk, { [notesOf]: notes })
  }
}

const notesOf: unique symbol = Symbol('mapseal')

interface Watched {
  [notesOf]: Set<NoteLeftMap>
}

function watchedHook(plugin: OutputPlugin, notes: Iterable<NoteLeftMap>): OutputPlugin['renderChunk'] {
  const hook = plugin.renderChunk
  const render = typeof hook === 'object' ? hook.handler : hook
  // Vite replaces a word of its own by a shorter one, in code that is not minified yet.
  if (!hook || !render || isKnown(plugin)) return undefined
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
      for (const note of notes) note(output, chunk.fileName, plugin.name)
    return rendered
  }
  return typeof hook === 'object' ? { ...hook, handler } : handler
}

const ownFile = fileURLToPath(import.meta.url)

/** The error of a plugin is not ours, and bundlers print where it comes from. */
function withoutOurFrames(cause: unknown): unknown {
  if (!(cause instanceof Error) || !cause.stack) return cause
  const lines = cause.stack.split('\n')
  cause.stack = lines.filter(line => !line.includes(ownFile) && !line.includes(import.meta.url)).join('\n')
  return cause
}
