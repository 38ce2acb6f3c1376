import { fileURLToPath } from 'node:url'
import type { Compiler } from 'webpack'
import type { AnnotationOptions } from '../options.ts'
import { jsxModule } from './rollup-annotate.ts'

/** Puts a loader before all others; its options are plain data, so that it works in other threads and in caches. */
export function webpackAnnotate(compiler: Compiler, options: AnnotationOptions | undefined): void {
  if (!options) return
  // Beside this module, from source as in the package.
  const ending = import.meta.url.endsWith('.ts') ? '../annotate-loader.ts' : './annotate-loader.js'
  compiler.options.module.rules.unshift({
    test: jsxModule,
    exclude: /[\\/]node_modules[\\/]/,
    enforce: 'pre',
    use: [
      {
        loader: fileURLToPath(new URL(ending, import.meta.url)),
        options: { ignoredComponents: options.ignoredComponents ?? [] },
      },
    ],
  })
}
