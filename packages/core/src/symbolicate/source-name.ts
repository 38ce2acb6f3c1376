/** `webpack://shop/`, `webpack://@acme/shop/`, `turbopack:///[project]/`: what a bundler puts before the project's own path. */
const bundlerScheme = /^(?:webpack|webpack-internal|turbopack|rspack):\/\/(?:@[^/]*\/)?[^/]*\/(?:\[project\]\/)?/

/** Names that folders have which hold nothing but output; no source of the repository is in one. */
const outputFolder = /^(?:\.[^/]+|dist|build|out|output)(?:\/|$)/

/**
 * The path of a source in its repository, however the bundler wrote it: `webpack://shop/./src/cart.ts`,
 * `turbopack:///[project]/src/cart.ts` and `../../src/cart.ts` are all `src/cart.ts`.
 *
 * @param outDir where the script is; a map whose sources are relative to the project leads below it by mistake
 */
export function sourceName(source: string, outDir = ''): string {
  const path = source
    .replace(bundlerScheme, '')
    .replace(/^file:\/\//, '')
    // The layer of a module in Next's server code, and the query of a loader.
    .replace(/^\([\w-]+\)\/(?=\.\/)/, '')
    .replace(/^(?:\.{1,2}\/+)+/, '')
  const bare = path.replace(path === source ? /(?<=\.[a-z]\w*)\?[^/]*$/ : /\?[^/]*$/, '')
  return outputFolder.test(outDir) && bare.startsWith(`${outDir}/`) ? bare.slice(outDir.length + 1) : bare
}
