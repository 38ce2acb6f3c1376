import { prologueEnd } from '@mapseal/core'
import type { Plugin } from 'rollup'
import type { Plan } from '../plan.ts'
import { deliverPlain } from './deliver.ts'
import { loadSnippets, type PlainSnippets } from './snippets.ts'

/** Release and metadata for Rollup, Rolldown and Vite, where debug IDs and source maps are to be left alone. */
export function plainRollup(plan: Plan): Plugin[] {
  let loaded: Promise<PlainSnippets> | undefined
  let isAddition = false
  const snippets = () => (loaded ??= loadSnippets(plan))
  const plugin: Plugin = {
    name: 'mapseal:sentry-plain',

    renderChunk: {
      order: 'post',
      async handler(code, chunk) {
        const { entry, other } = await snippets()
        const snippet = chunk.isEntry ? entry : other
        if (snippet === '' || this.meta.watchMode) return null
        const { default: MagicString } = await import('magic-string')
        const text = new MagicString(code).appendLeft(prologueEnd(code), snippet)
        return { code: text.toString(), map: text.generateMap({ hires: true }).toString() }
      },
    },

    writeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        if (this.meta.watchMode) return
        const { release } = await snippets()
        await deliverPlain(plan, release, isAddition)
        isAddition = true
      },
    },
  }
  // A field of Vite's: nothing in its development server.
  return [Object.assign(plugin, { apply: 'build' })]
}
