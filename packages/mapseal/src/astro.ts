import { fileURLToPath } from 'node:url'
import { type Options, resolveOptions, withConfig } from '@mapseal/core'
import { connect, mapseal } from './plugin.ts'
import { createWholeBuild } from './whole-build.ts'

/** An integration, as far as it is used; without Astro's types, which would need Astro to be installed. */
export interface AstroIntegration {
  name: string
  hooks: {
    'astro:config:setup'?(setup: Setup): void
    'astro:build:start'?(): Promise<void>
    'astro:build:done'?(): Promise<void>
  }
}

interface Setup {
  command: string
  config: { root: URL }
  updateConfig(config: { vite: { plugins: never[] } }): unknown
}

/**
 * Mapseal for Astro, as an integration: pages, browser and server, as one build, read once Astro has put its manifest into the server.
 *
 * @example
 * ```ts
 * // astro.config.mjs
 * export default defineConfig({ integrations: [mapseal()] })
 * ```
 */
function integration(options?: Options): AstroIntegration {
  const resolved = { ...resolveOptions(withConfig(options)), connect }
  if (!resolved.enabled) return { name: 'mapseal', hooks: {} }
  const whole = createWholeBuild(resolved)
  let root = process.cwd()
  return {
    name: 'mapseal',
    hooks: {
      'astro:config:setup'({ command, config, updateConfig }) {
        root = fileURLToPath(config.root)
        if (command === 'build') updateConfig({ vite: { plugins: [mapseal.vite(options)] as never[] } })
      },
      'astro:build:start': () => whole.begin(root),
      'astro:build:done': () => whole.end(),
    },
  }
}

export default integration
export { integration as 'module.exports' }
