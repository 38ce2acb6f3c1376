import type { BuildOptions } from 'esbuild'

/**
 * Sets options that esbuild reads when all plugins are set up. Plugins that start builds of their own copy the options of this one
 * and must get what the user wrote, because we never see the scripts of those builds. What the user left out is not enumerable, so
 * no copy has it; plugins that change code look at the options while they are set up, and see that there are source maps.
 *
 * @returns puts the user's values back, once esbuild has read ours
 */
export function lendOptions(options: BuildOptions, values: Partial<BuildOptions>): () => void {
  const lent = Object.entries(values).map(([key, value]) => {
    const before = Object.getOwnPropertyDescriptor(options, key)
    const enumerable = before?.enumerable === true && before.value !== undefined
    Object.defineProperty(options, key, { value, enumerable, writable: true, configurable: true })
    return { key, value, before }
  })
  return () => {
    for (const { key, value, before } of lent) {
      if (options[key as keyof BuildOptions] !== value) continue // Another plugin has changed it since.
      if (before) Object.defineProperty(options, key, before)
      else delete options[key as keyof BuildOptions]
    }
  }
}
