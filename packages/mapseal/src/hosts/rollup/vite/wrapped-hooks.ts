import type { Plugin } from 'vite'
import { isKnown } from '../known-plugins.ts'

const bundleHooks = ['generateBundle', 'writeBundle', 'applyToEnvironment'] as const

/**
 * Remembers the hooks of Vite's own plugins. While the config is resolved, another plugin may wrap them to change the bundle at
 * just that moment, as vite-plugin-compression2 does: it then has no such hook of its own.
 *
 * @returns whether any of them has been replaced since
 */
export function rememberHooks(plugins: readonly Plugin[]): () => boolean {
  const before = plugins.filter(isKnown).map(plugin => ({ plugin, hooks: hooksOf(plugin) }))
  return () => before.some(({ plugin, hooks }) => hooksOf(plugin).some((hook, index) => hook !== hooks[index]))
}

function hooksOf(plugin: Plugin): unknown[] {
  return bundleHooks.map(name => {
    const hook = plugin[name]
    return typeof hook === 'object' ? hook.handler : hook
  })
}
