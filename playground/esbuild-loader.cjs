// Eight lines in place of a dependency: webpack's loader for TypeScript.
const esbuild = require('esbuild')

module.exports = function load(source) {
  const { code, map } = esbuild.transformSync(source, {
    loader: 'ts',
    sourcemap: this.sourceMap ? 'external' : false,
    sourcefile: this.resourcePath,
  })
  this.callback(null, code, map || undefined)
}
