import type { PluginContextMeta } from 'rollup'
import { requireVersion } from '../../versions.ts'
import type { ViteHooks } from './vite-hooks.ts'

/** @throws MapsealError where the tool that runs the plugin is too old */
export function requireRollupVersion(meta: PluginContextMeta, vite: ViteHooks | undefined): void {
  const { rollupVersion, rolldownVersion, viteVersion } = meta as object as Record<string, string | undefined>
  if (vite) requireVersion('Vite', viteVersion)
  else if (rolldownVersion) requireVersion('Rolldown', rolldownVersion)
  else requireVersion('Rollup', rollupVersion)
}
