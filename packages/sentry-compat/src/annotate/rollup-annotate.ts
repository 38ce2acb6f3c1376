import type { Plugin } from 'rollup'
import type { AnnotationOptions } from '../options.ts'

/** Modules that may have JSX; packages are left alone. */
export const jsxModule: RegExp = /\.[jt]sx(?:[?#].*)?$/
const ofPackage = /[\\/]node_modules[\\/]/

/** Annotates modules before anything else changes them; the parser is loaded with the first. */
export function rollupAnnotate(options: AnnotationOptions | undefined): Plugin[] {
  if (!options) return []
  return [
    {
      name: 'mapseal:sentry-annotate',
      transform: {
        order: 'pre',
        filter: { id: { include: jsxModule, exclude: ofPackage } },
        async handler(code, id) {
          if (!jsxModule.test(id) || ofPackage.test(id)) return null
          const { annotate } = await import('./annotate.ts')
          const annotated = annotate(code, id, options.ignoredComponents ?? [])
          return annotated ? { code: annotated.code, map: annotated.map.toString() } : null
        },
      },
    },
  ]
}
