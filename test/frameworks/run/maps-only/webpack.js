function mapsOnly() {
  return {
    apply(compiler) {
      compiler.hooks.afterEnvironment.tap({ name: 'maps-only', stage: 1000 }, () => {
        compiler.options.devtool = 'source-map'
      })
    },
  }
}

export { mapsOnly as default, mapsOnly as 'module.exports' }
