import type { Plugin } from 'vite'
import { isKnown } from '../known-plugins.ts'

/** Whether the plugin is neither Vite's nor ours, and sees the bundle. */
export function mayReadMaps(plugin: Plugin): boolean {
  return !isKnown(plugin) && (plugin.generateBundle !== undefined || plugin.writeBundle !== undefined)
}
