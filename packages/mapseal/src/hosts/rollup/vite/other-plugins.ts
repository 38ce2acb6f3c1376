import type { Plugin } from 'vite'

/** Whether the plugin is neither Vite's nor ours, and sees the bundle. */
export function mayReadMaps({ name, generateBundle, writeBundle }: Plugin): boolean {
  const isKnown = /^(?:vite|native|builtin|mapseal):|^mapseal$/.test(name)
  return !isKnown && (generateBundle !== undefined || writeBundle !== undefined)
}
