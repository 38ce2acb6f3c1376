import type { Plugin } from 'rollup'

/** Replaces the SDK's constants in every module that has one; the code that does so is loaded with the first. */
export function rollupFlags(flags: Record<string, boolean>): Plugin[] {
  const names = Object.keys(flags)
  if (names.length === 0) return []
  const pattern = new RegExp(names.join('|'))
  return [
    {
      name: 'mapseal:sentry-flags',
      transform: {
        // When the module is JavaScript.
        order: 'post',
        filter: { code: pattern },
        async handler(code) {
          if (!pattern.test(code)) return null
          const { replaceFlags } = await import('./replace-flags.ts')
          const replaced = replaceFlags(code, this.parse(code), flags)
          return replaced ? { code: replaced.code, map: replaced.map.toString() } : null
        },
      },
    },
  ]
}
