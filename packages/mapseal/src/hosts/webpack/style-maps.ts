import type { Compiler, NormalModule } from 'webpack'

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
      if (hasLoader(module, extractLoader)) extracted.add(module.resource)
      if (hasLoader(module, cssLoader) && !extracted.has(module.resource)) Object.assign(context, { sourceMap: false })
    })
  })
}

const cssLoader = /[\\/]css-loader[\\/]/
const extractLoader = /[\\/]mini-css-extract-plugin[\\/]|[\\/]cssExtractLoader\b/

function hasLoader({ loaders }: NormalModule, pattern: RegExp): boolean {
  return loaders.some(({ loader }) => pattern.test(loader))
}
