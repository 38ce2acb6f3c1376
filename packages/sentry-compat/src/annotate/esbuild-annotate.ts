import { readFile } from 'node:fs/promises'
import type { Loader, PluginBuild } from 'esbuild'
import type { AnnotationOptions } from '../options.ts'
import { jsxModule } from './rollup-annotate.ts'

/** Loads modules with JSX annotated, each with its map inside, which esbuild follows. */
export function esbuildAnnotate(build: PluginBuild, options: AnnotationOptions | undefined): void {
  if (!options) return
  build.onLoad({ filter: jsxModule, namespace: 'file' }, async ({ path }) => {
    if (/[\\/]node_modules[\\/]/.test(path)) return undefined
    const { annotate } = await import('./annotate.ts')
    const annotated = annotate(await readFile(path, 'utf8'), path, options.ignoredComponents ?? [])
    if (!annotated) return undefined
    const url = `data:application/json;base64,${Buffer.from(annotated.map.toString()).toString('base64')}`
    return { contents: `${annotated.code}\n//# sourceMappingURL=${url}`, loader: path.slice(-3) as Loader }
  })
}
