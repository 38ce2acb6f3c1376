import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { PluginContextMeta } from 'rollup'
import { isSupported, requireVersion, tooOld } from '../../versions.ts'
import type { ViteHooks } from './vite-hooks.ts'

/** Rolldown and Vite 7 and newer name themselves as well. */
interface Meta extends PluginContextMeta {
  rolldownVersion?: string
  viteVersion?: string
}

/** @throws MapsealError where the tool that runs the plugin is too old */
export function requireRollupVersion(meta: Meta, vite: ViteHooks | undefined): void {
  if (vite) requireViteVersion(meta, vite.root())
  else if (meta.rolldownVersion) requireVersion('Rolldown', meta.rolldownVersion)
  else requireVersion('Rollup', meta.rollupVersion)
}

/** Decides by the version of Rollup, which every Vite names: Vite 5.0 was the first to have Rollup 4. */
function requireViteVersion({ rollupVersion, rolldownVersion, viteVersion }: Meta, root: string): void {
  if (rolldownVersion || Number.parseInt(rollupVersion, 10) >= 4) return
  const found = viteVersion ?? installedVite(root)
  // A project may have several Vites installed, and another one may be running.
  throw tooOld('Vite', found && !isSupported('Vite', found) ? found : `with Rollup ${rollupVersion}`)
}

function installedVite(root: string): string | undefined {
  try {
    const { version } = createRequire(join(root, 'package.json'))('vite/package.json') as { version: string }
    return version
  } catch {
    return undefined // It is installed elsewhere; the message then names Rollup's version.
  }
}
