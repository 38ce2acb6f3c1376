import type { PluginBuild } from 'esbuild'
import type { Plan } from '../plan.ts'
import { deliverPlain } from './deliver.ts'
import { loadSnippets } from './snippets.ts'

const path = 'mapseal:sentry-snippet'

/** Release and metadata for esbuild, where debug IDs and source maps are to be left alone. */
export async function plainEsbuild(build: PluginBuild, plan: Plan): Promise<void> {
  const { initialOptions } = build
  const { release, entry, other } = await loadSnippets(plan)
  let builds = 0
  if (initialOptions.bundle && entry !== '') {
    // A module, so that directives stay first.
    initialOptions.inject = [...(initialOptions.inject ?? []), path]
    build.onResolve({ filter: /^mapseal:sentry-snippet$/ }, () => ({ path, namespace: 'mapseal', sideEffects: true }))
    build.onLoad({ filter: /.*/, namespace: 'mapseal' }, () => ({ contents: entry, loader: 'js' }))
  }
  // Chunks that entries share have no such module, nor have files that are not bundled.
  const banner = initialOptions.bundle ? (initialOptions.splitting ? other : '') : entry
  if (banner !== '') {
    initialOptions.banner = { ...initialOptions.banner, js: `${initialOptions.banner?.js ?? ''}${banner}` }
  }
  build.onEnd(async ({ errors }) => {
    builds += 1
    if (builds === 1 && errors.length === 0) await deliverPlain(plan, release, false)
  })
}
