import type { Compiler, LoaderContext, NormalModule } from 'webpack'

/**
 * Lets loaders of style sheets see that there are no source maps: css-loader puts the map, source and all, into the script that it
 * makes. A style sheet that is extracted into a file has its map beside it, where it is sealed.
 */
export function hideFromStyles(compiler: Compiler): void {
  const { NormalModule } = compiler.webpack
  /** Modules that are extracted are loaded first, and then once more without the loader that extracts them. */
  const extracted = new Set<string>()
  compiler.hooks.compilation.tap('mapseal', compilation => {
    NormalModule.getCompilationHooks(compilation).loader.tap('mapseal', (context, module) => {
      const loaders = loadersOf(module, context)
      const isLoadedBy = (pattern: RegExp) => loaders.some(path => pattern.test(path))
      if (isLoadedBy(extractLoader)) extracted.add(module.resource)
      if (isLoadedBy(cssLoader) && !extracted.has(module.resource)) Object.assign(context, { sourceMap: false })
    })
  })
}

const cssLoader = /[\\/]css-loader[\\/]/
const extractLoader = /[\\/]mini-css-extract-plugin[\\/]|[\\/]cssExtractLoader\b/

/** Their paths. In Rspack before 1.3 the context alone has them, and in webpack it does not have them yet. */
function loadersOf({ loaders }: Partial<NormalModule>, context: Pick<LoaderContext<unknown>, 'loaders'>): string[] {
  return loaders?.map(({ loader }) => loader) ?? context.loaders.map(({ path }) => path)
}
