import type { NormalizedOutputOptions, OutputBundle } from 'rollup'
import type { Plugin, ResolvedConfig } from 'vite'

/** It changes chunks with dynamic imports, and makes their maps anew from those that the chunks have, fitting or not. */
const rebuilding = 'vite:build-import-analysis'

/**
 * Calls a function right before Vite makes maps anew, inside Vite's own plugin: later it cannot be seen any more whether they
 * fitted the code.
 */
export function beforeRebuild(
  { plugins }: ResolvedConfig,
  look: (output: NormalizedOutputOptions, bundle: OutputBundle) => void,
): void {
  const plugin: Plugin | undefined = plugins.find(({ name }) => name === rebuilding)
  const rebuild = plugin?.generateBundle
  if (!plugin || typeof rebuild !== 'function') return
  plugin.generateBundle = function (output, bundle, isWrite) {
    look(output as object as NormalizedOutputOptions, bundle as object as OutputBundle)
    return rebuild.call(this, output, bundle, isWrite)
  }
}
